import {
  type ConditionEntry,
  type ListElement,
  limitingKinds,
  type OperatorName,
  type PolicyKind,
  type PrincipalElement,
  type PrincipalEntry,
  parseOperator,
  plainSentence,
  type Statement,
} from '@omen-iam/policy'
import type { Language } from './language.ts'

/** A statement as one plain sentence. It is made for each language by templates of its own, not translated. */
export function statementSentence(statement: Statement, kind: PolicyKind, language: Language): string {
  return language === 'ja' ? japanese(statement, kind) : plainSentence(statement, kind)
}

/** Values that a sentence names; of more it says how many. */
const named = 6

const bearers: Readonly<Record<PolicyKind, string>> = {
  identity: 'このポリシーを持つ人',
  trust: 'このポリシーを持つ人',
  resource: 'このポリシーを持つ人',
  key: 'このポリシーを持つ人',
  scp: '配下のアカウントの全員',
  rcp: '全員',
  session: 'このセッション',
  boundary: 'この境界を持つ人',
  endpoint: 'エンドポイントを通る全員',
}

function japanese({ effect, principal, action, resource, condition }: Statement, kind: PolicyKind): string {
  const who = principal === undefined ? bearers[kind] : principals(principal)
  const on = resource === undefined ? '' : `${resources(resource)}に対して`
  const when = condition.length === 0 ? '' : `${condition.map(conditionWords).join('、かつ')}場合に限り、`
  const ifs = condition.length === 0 ? '' : `${condition.map(conditionWords).join('、かつ')}場合、`
  const what = actions(action)
  if (effect === 'Deny') return `${ifs}${who}が${on}${what}を行うことを拒否します。`
  return limitingKinds.has(kind)
    ? `${when}${who}に許される範囲は、${on}${what}までです。`
    : `${when}${who}が${on}${what}を行うことを許可します。`
}

function principals({ negated, entries }: PrincipalElement): string {
  const names = list(entries.map(entry), 'と')
  return negated ? `${names}を除く全員` : names
}

function entry({ type, value }: PrincipalEntry): string {
  if (type === 'Service') return `サービス ${value} `
  if (type === 'Federated') return `${value} が保証する人`
  if (type === 'CanonicalUser') return `正規ユーザー ID ${value} のアカウント`
  if (value === '*') return '署名のない人も含む全員'
  const account = /^(\d{12})$|^arn:[^:]*:iam::(\d{12}):root$/.exec(value)
  return account === null ? `${value} ` : `アカウント ${account[1] ?? account[2]} で許可された人`
}

function actions({ negated, values }: ListElement): string {
  const texts = values.map(({ value }) => value)
  if (negated) return `${list(texts, 'と')} 以外のすべて`
  return texts.includes('*') ? 'すべての操作' : `${list(texts, 'と')} `
}

function resources({ negated, values }: ListElement): string {
  const texts = values.map(({ value }) => value)
  if (negated) return `${list(texts, 'と')} 以外のすべて`
  return texts.includes('*') ? 'すべてのリソース' : `${list(texts, 'または')} `
}

/** Between a key and its values, and after the values. An operator without words does not compile. */
const operators: Readonly<Record<OperatorName, readonly [before: string, after: string]>> = {
  StringEquals: ['が', 'である'],
  StringNotEquals: ['が', 'でない'],
  StringEqualsIgnoreCase: ['が（大文字小文字を問わず）', 'である'],
  StringNotEqualsIgnoreCase: ['が（大文字小文字を問わず）', 'でない'],
  StringLike: ['が', 'に一致する'],
  StringNotLike: ['が', 'に一致しない'],
  NumericEquals: ['が', 'である'],
  NumericNotEquals: ['が', 'でない'],
  NumericLessThan: ['が', 'より小さい'],
  NumericLessThanEquals: ['が', '以下である'],
  NumericGreaterThan: ['が', 'より大きい'],
  NumericGreaterThanEquals: ['が', '以上である'],
  DateEquals: ['が', 'である'],
  DateNotEquals: ['が', 'でない'],
  DateLessThan: ['が', 'より前である'],
  DateLessThanEquals: ['が', '以前である'],
  DateGreaterThan: ['が', 'より後である'],
  DateGreaterThanEquals: ['が', '以後である'],
  Bool: ['が', 'である'],
  BinaryEquals: ['のバイト列が', 'である'],
  IpAddress: ['が', 'の範囲にある'],
  NotIpAddress: ['が', 'の範囲にない'],
  ArnEquals: ['が', 'に一致する'],
  ArnLike: ['が', 'に一致する'],
  ArnNotEquals: ['が', 'に一致しない'],
  ArnNotLike: ['が', 'に一致しない'],
}

function conditionWords({ operator, key, values }: ConditionEntry): string {
  const { set, base, ifExists, operator: known } = parseOperator(operator)
  if (base === 'Null') {
    const absent = values.some(({ value }) => value.toLowerCase() === 'true')
    return `リクエストに ${key} が${absent ? 'ない' : 'ある'}`
  }
  const whose =
    set === undefined ? `${key} ` : set === 'ForAllValues' ? `${key} のすべての値` : `${key} のいずれかの値`
  const optional = ifExists ? '（あれば）' : ''
  const [before, after] =
    known === undefined ? [`（未知の演算子 ${base}）が`, 'である'] : operators[known.name]
  const wanted = list(
    values.map(({ value }) => `「${value}」`),
    'または',
  )
  return `${whose}${optional}${before}${wanted}${after}`
}

function list(texts: readonly string[], word: string): string {
  if (texts.length === 0) return 'なし'
  const shown =
    texts.length > named ? [...texts.slice(0, named - 1), `ほか ${texts.length - named + 1} 件`] : texts
  const last = shown.at(-1)
  return shown.length === 1 ? `${last}` : `${shown.slice(0, -1).join('、')}${word}${last}`
}
