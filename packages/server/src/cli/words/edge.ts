import type { Incomplete, ResidualView, StepView } from '../../graph/index.ts'
import { endedEarly } from '../../graph/index.ts'
import type { Language, Same } from './language.ts'

const verdicts: Readonly<Record<string, string>> = {
  proven: 'proven',
  conditional: 'conditional',
  undecided: 'undecided',
  blocked: 'blocked',
  none: 'no path',
}

/** By what credentials the principal of a step acts. */
const credentials: Readonly<Record<StepView['form'], string>> = {
  key: 'by its access key',
  console: 'by a console session',
  mfa: 'by a session with MFA',
  assumed: 'by a session of the role',
  service: 'by a session that a service holds',
}

/** Where a technique is known from. */
const bases: Readonly<Record<string, string>> = {
  field: 'a published technique',
  documented: 'documented by AWS',
  derived: 'derived from documentation, not tried',
}

/** The sources by which a fact is known. */
const knowns: Readonly<Record<string, string>> = {
  details: 'from the account',
  inventory: 'from the inventory',
  unknown: 'unknown',
}

const layers: Readonly<Record<string, string>> = {
  identity: 'identity policy',
  resource: 'resource or trust policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  scp: 'SCP',
  rcp: 'RCP',
}

const en = {
  verdict: verdicts,
  nobody: 'nobody',
  atMost: (count: number, command: string) => `… at most ${count} are shown: ${command} lists all`,
  notByItself: (verdict: string) => `not by itself: ${verdict}`,
  counted: (verdict: string, ways: number) => `${verdict}, ${ways === 1 ? 'one way' : `${ways} ways`}`,
  together: (verdict: string, names: string, ways: number) =>
    `not by itself: ${verdict} together with ${names}, ${ways === 1 ? 'one way' : `${ways} ways`}`,
  and: ' and ',
  ifHeld: (names: string) => `if ${names} is held as well:`,
  breaksWith: (edit: string) => `breaks with: ${edit}`,
  more: (count: number) => `… ${count} more (all with --output json)`,
  path: (number: number, verdict: string, steps: number) =>
    `path ${number}, ${verdict}, ${steps} ${steps === 1 ? 'step' : 'steps'}:`,
  mayBe: (isFirst: boolean, incomplete: Incomplete) =>
    `There may be ${isFirst ? 'ways' : 'more ways'}: ${endedEarly(incomplete)}. --steps allows more.`,
  step: (verdict: string, delay: string, credential: string, basis: string) =>
    [verdict, delay, credential, basis].join(', '),
  asks: (who: string, action: string, resource: string) => `${who} asks ${action} on ${resource}`,
  with: (key: string, value: string) => `with ${key} = ${value}`,
  allowedBy: (place: string, layer: string) => `allowed by ${place} (${layer})`,
  fact: (name: string, value: string, fact: string, certainty: string) =>
    `${name}: ${value} (${fact}, ${certainty})`,
  left: ({ operator, key, values, mustHold, who }: ResidualView) =>
    `if ${mustHold ? '' : 'not '}${operator} ${key} ${values.join(', ')}: ${who}`,
  delay: (delay: string) => (delay === 'now' ? 'at once' : delay),
  credential: credentials,
  basis: bases,
  known: knowns,
  layer: layers,
  place: (place: string) => place,
}

const delaysInJapanese: Readonly<Record<string, string>> = {
  now: 'すぐに',
  'on deployment': 'デプロイのときに',
  'on launch': '起動のときに',
  'on placement': '配置のときに',
  'on provisioning': 'プロビジョニングのときに',
  'on restart': '再起動のときに',
  'on schedule': '予定の時刻に',
  'on the next apply': '次の apply のときに',
  'on the next build, deploy or start': '次のビルド、デプロイ、起動のときに',
  'on threshold or execution': 'しきい値か実行のときに',
  'on trigger': 'トリガーのときに',
}

const ja: Same<typeof en> = {
  verdict: {
    proven: '可能',
    conditional: '条件付き',
    undecided: '判定できない',
    blocked: '阻止されている',
    none: '経路なし',
  },
  nobody: 'だれも',
  atMost: (count, command) => `… 表示は ${count} 件までです。すべては ${command} で見られます`,
  notByItself: (verdict) => `単独ではなれません: ${verdict}`,
  counted: (verdict, ways) => `${verdict}、方法は ${ways} 通り`,
  together: (verdict, names, ways) =>
    `単独ではなれません: ${names} とともになら${verdict}、方法は ${ways} 通り`,
  and: ' と ',
  ifHeld: (names) => `${names} も手にしている場合:`,
  breaksWith: (edit) => `断つには: ${edit}`,
  more: (count) => `… ほかに ${count} 通り（すべては --output json で）`,
  path: (number, verdict, steps) => `経路 ${number}、${verdict}、手順 ${steps}:`,
  mayBe: (isFirst, { maxSteps, maxEntries }) =>
    `${isFirst ? '方法があるかもしれません' : 'ほかにも方法があるかもしれません'}: ${
      maxEntries === undefined
        ? `検索は ${maxSteps} 手順で終わりました`
        : `順序の多すぎる変更が ${maxEntries} 件になり、検索が終わりました`
    }。--steps で増やせます。`,
  step: (verdict, delay, credential, basis) => [verdict, delay, credential, basis].join('、'),
  asks: (who, action, resource) => `${who} が ${resource} に対する ${action} を求めます`,
  with: (key, value) => `キー ${key} = ${value}`,
  allowedBy: (place, layer) => `許可するもの: ${place}（${layer}）`,
  fact: (name, value, fact, certainty) => `${name}: ${value}（${fact}、${certainty}）`,
  left: ({ operator, key, values, mustHold }) =>
    `条件: ${operator} ${key} ${values.join(', ')}${mustHold ? '' : '（成り立たないこと）'}: ${fulfilsInJapanese(key, operator)}`,
  delay: (delay) => delaysInJapanese[delay] ?? delay,
  credential: {
    key: 'そのアクセスキーで',
    console: 'コンソールのセッションで',
    mfa: 'MFA を使ったセッションで',
    assumed: 'ロールのセッションで',
    service: 'サービスが持つセッションで',
  },
  basis: {
    field: '公開されている手法',
    documented: 'AWS の文書にある手法',
    derived: '文書から導いた、試されていない手法',
  },
  known: { details: 'アカウントから', inventory: 'インベントリから', unknown: '不明' },
  layer: {
    identity: 'アイデンティティベースのポリシー',
    resource: 'リソースベースのポリシーか信頼ポリシー',
    boundary: 'アクセス許可の境界',
    session: 'セッションポリシー',
    scp: 'SCP',
    rcp: 'RCP',
  },
  place: (place) => {
    const [, title = place, rest = ''] = /^(.*?)((?::\d+:\d+)?)$/.exec(place) ?? []
    if (title === 'a policy of the attacker') return `攻撃者のポリシー${rest}`
    const [, name, owner] = /^(.+) of (.+)$/.exec(title) ?? []
    if (name === undefined) return place
    return `${owner} の${name === 'trust' ? '信頼ポリシー' : ` ${name}`}${rest}`
  },
}

/** Names who could fulfil a condition that is left, by its key. */
function fulfilsInJapanese(key: string, operator: string): string {
  const name = key.toLowerCase()
  if (operator === 'Allow') return 'そのアカウントのポリシーが呼び出しを許可するプリンシパル'
  if (name.startsWith('aws:multifactorauth')) return 'そのプリンシパルの MFA デバイスを持つ人'
  if (name === 'sts:externalid') return '外部 ID を知る人'
  if (name === 'aws:sourceip' || /^aws:(?:source)?vpc/.test(name)) return 'そのネットワークから呼び出す人'
  if (/^aws:(?:currenttime|epochtime|tokenissuetime)$/.test(name)) return 'その時刻まで待つ人'
  if (name === 'ssm:sessiondocumentaccesscheck') return 'セッションドキュメントを使用できる人'
  if (name.includes('resourcetag/')) return 'リソースにタグを付けられる人'
  if (/^aws:(?:principal|resource)org/.test(name)) return 'その組織のプリンシパル'
  if (/^aws:source(?:org|account|arn)/.test(name)) return '条件に合うリソースのために動くサービス'
  if (/^aws:(?:principal|userid|username)/.test(name)) return '条件に合うプリンシパル'
  if (name.startsWith('saml:') || /^[^.:]+\.[^:]+:/.test(name))
    return 'プロバイダのそのようなトークンを持つ人'
  return 'ここでわかる範囲ではだれもいません'
}

/** The words about how one principal becomes another (behaviour SHL-80). */
export const edgeWords: Readonly<Record<Language, typeof en | typeof ja>> = { en, ja }
