const kinds: Readonly<Record<string, string>> = { user: 'ユーザー', group: 'グループ', role: 'ロール' }
const of = (owner: string | undefined) => (owner === undefined ? '' : `${owner} の`)
const byGroup = (group: string | undefined) => (group === undefined ? '' : `（グループ ${group}）`)

/** The forms of a policy's title, as the server's views write them, each with its words in Japanese. */
const forms: readonly (readonly [form: RegExp, words: (...parts: (string | undefined)[]) => string])[] = [
  [
    /^inline policy (\S+) of (user|group|role) (\S+)$/,
    (name, kind = '', owner) => `${kinds[kind]} ${owner} のインラインポリシー ${name}`,
  ],
  [/^inline policy (\S+)$/, (name) => `インラインポリシー ${name}`],
  [
    /^AWS managed policy (\S+)(?: of group (\S+))?$/,
    (name, group) => `AWS 管理ポリシー ${name}${byGroup(group)}`,
  ],
  [
    /^managed policy (\S+)(?: of group (\S+))?$/,
    (name, group) => `カスタマー管理ポリシー ${name}${byGroup(group)}`,
  ],
  [/^trust policy of role (\S+)$/, (role) => `ロール ${role} の信頼ポリシー`],
  [/^trust policy$/, () => '信頼ポリシー'],
  [/^key policy(?: of (\S+))?$/, (owner) => `${of(owner)}キーポリシー`],
  [/^resource policy(?: of (\S+))?$/, (owner) => `${of(owner)}リソースポリシー`],
  [/^session policy$/, () => 'セッションポリシー'],
  [/^VPC endpoint policy$/, () => 'VPC エンドポイントポリシー'],
  [/^a new policy$/, () => '新しいポリシー'],
]

/** A policy's title in a language; one of no known form as it is. */
export function titleIn(language: 'en' | 'ja', title: string): string {
  if (language === 'en') return title
  for (const [form, words] of forms) {
    const found = form.exec(title)
    if (found !== null) return words(...found.slice(1))
  }
  return title
}
