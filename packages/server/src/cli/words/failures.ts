import type { Language } from './language.ts'
import { languageOf, languages } from './language.ts'

/** Why a question could not be answered, in Japanese: a sentence of a command or of the server, with its names. */
const inJapanese: readonly (readonly [RegExp, string])[] = [
  [
    /^There is no user and no role (\S+?) in account (\d+)\.?(?:; did you mean (\S+)\?)?$/,
    'アカウント $2 にユーザーまたはロール $1 はありません',
  ],
  [
    /^There is no role (\S+?) in account (\d+)\.?(?:; did you mean (\S+)\?)?$/,
    'アカウント $2 にロール $1 はありません',
  ],
  [
    /^AWS has no service principal (\S+?)\.?(?:; did you mean (\S+)\?)?$/,
    'AWS にサービスプリンシパル $1 はありません',
  ],
  [/^The action (\S+) does not exist\.(?: Did you mean (\S+)\?)?$/, 'アクション $1 はありません'],
  [/^There is no decision (\S+?), or it is no longer kept\.$/, '判定 $1 はないか、もう保存されていません'],
  [/^Nothing was denied yet\.$/, 'まだ何も拒否されていません'],
  [
    /^(\S+) is no id of a decision, a request or an event$/,
    '$1 は判定、リクエスト、イベントのどの ID でもありません',
  ],
  [
    /^why explains one decision: an id, --last or --decode$/,
    'why が説明する判定は 1 つです: ID、--last、--decode のどれか',
  ],
  [/^there is no user or role (".+?")(?:; did you mean (\S+)\?)?$/, 'ユーザーまたはロール $1 はありません'],
  [/^no trust policy names (".+")$/, '$1 を指定している信頼ポリシーはありません'],
  [/^no server runs on the home (.+?): (.+)$/, 'ホーム $1 でサーバーが動いていません: $2'],
  [
    /^(\S+) does not answer in time: it may be busy$/,
    '$1 が時間内に応答しません。混み合っているかもしれません',
  ],
  [/^(\S+) does not answer \((.+)\): (.+)$/, '$1 が応答しません（$2）: $3'],
  [/^say an action, or --file$/, 'アクションか --file を指定してください'],
]

/** A sentence about what failed, in a language. What is not listed, and AWS's own messages, stay as they are. */
export function failureIn(text: string, language: Language): string {
  if (language === 'en') return text
  for (const [form, said] of inJapanese) {
    const match = form.exec(text)
    if (match === null) continue
    const near = /[Dd]id you mean (\S+)\?$/.exec(text)?.[1]
    const sentence = said.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '')
    return near === undefined ? sentence : `${sentence}。${near} のことですか?`
  }
  return text
}

/** The language of a command line, whether or not it could be read: `--lang ja`, or that of the environment. */
export function languageOfLine(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  const at = words.indexOf('--lang')
  const given =
    at >= 0 ? words[at + 1] : words.find((word) => word.startsWith('--lang='))?.slice('--lang='.length)
  return languageOf(
    languages.find((each) => each === given),
    environment,
  )
}
