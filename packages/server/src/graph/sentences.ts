import type { PictureLanguage } from './picture/words.ts'

/** A language of sentences about paths. */
export type SentenceLanguage = PictureLanguage

/** Why a step is blocked or undecided, in words. Names of actions, resources, policies and facts stay. */
interface ReasonWords {
  readonly factFails: (fact: string, after: readonly string[]) => string
  readonly notAllowed: (layer: string, level: number | undefined, action: string, resource: string) => string
  readonly denied: (at: string, layer: string, action: string, resource: string) => string
  readonly open: (what: string) => string
  readonly missing: (facts: readonly { readonly name: string; readonly value: string }[]) => string
}

const layersInJapanese: Readonly<Record<string, string>> = {
  identity: 'アイデンティティポリシー',
  resource: 'リソースポリシー',
  boundary: 'アクセス許可の境界',
  session: 'セッションポリシー',
  scp: 'SCP',
  rcp: 'RCP',
  endpoint: 'エンドポイントポリシー',
}

function layerInJapanese(layer: string): string {
  return layersInJapanese[layer] ?? layer
}

/** The words of each language. */
export const reasonWords: Readonly<Record<SentenceLanguage, ReasonWords>> = {
  en: {
    factFails: (fact, after) =>
      `what it needs does not hold: ${fact}${after.length === 0 ? '' : ` (it would after ${after.join(' or ')})`}`,
    notAllowed: (layer, level, action, resource) =>
      `no ${layer} policy${level === undefined ? '' : ` of level ${level}`} allows ${action} on ${resource}`,
    denied: (at, layer, action, resource) => `${at} denies ${action} on ${resource} (${layer})`,
    open: (what) => `the search did not decide: ${what}`,
    missing: (facts) => facts.map(({ name, value }) => `${name}: ${value}`).join('; '),
  },
  ja: {
    factFails: (fact, after) =>
      `前提が成り立ちません: ${fact}${after.length === 0 ? '' : `（${after.join(' または ')} の後なら成り立ちます）`}`,
    notAllowed: (layer, level, action, resource) =>
      `${resource} に対する ${action} を許可する${level === undefined ? '' : `レベル ${level} の`}${layerInJapanese(layer)}がありません`,
    denied: (at, layer, action, resource) =>
      `${at} が ${resource} に対する ${action} を拒否しています（${layerInJapanese(layer)}）`,
    open: (what) => `判定できませんでした: ${what}`,
    missing: (facts) =>
      `不足している事実: ${facts.map(({ name, value }) => `${name}（${value}）`).join('、')}`,
  },
}

/** The title of a policy within a sentence: `dev-tools of dev` is `dev の dev-tools` in Japanese. */
export function titleIn(title: string, language: SentenceLanguage): string {
  const place = title.lastIndexOf(' of ')
  if (language === 'en' || place < 1) return title
  const name = title.slice(0, place)
  return `${title.slice(place + 4)} の${name === 'trust' ? '信頼ポリシー' : ` ${name}`}`
}

/** The words for edits. */
export interface EditWords {
  /** A statement by its Sid, or by its number if it has none; `at` is its policy and place. */
  readonly statement: (sid: string | undefined, number: number, at: string) => string
  readonly removeStatement: (at: string) => string
  readonly removeActions: (values: string, at: string) => string
  readonly removeResources: (values: string, at: string) => string
  readonly removePrincipals: (values: string, at: string) => string
  /** The words for a statement or a document of which an edit leaves nothing. */
  readonly gone: Readonly<Record<'statement' | 'trust' | 'inline' | 'managed' | 'resource', string>>
  readonly passOnlyTo: (services: string, at: string) => string
  readonly nameRoles: (left: string, values: string, at: string, role: string) => string
  readonly otherRoles: (count: number) => string
  readonly deny: (action: string, resource: string, principal: string) => string
  readonly denyByScp: (action: string, resource: string) => string
  readonly boundary: (principal: string) => string
  readonly detach: (policy: string, owner: string) => string
  /** To a policy of AWS that is detached there is an alternative. */
  readonly narrower: (sentence: string) => string
  readonly leaveGroup: (user: string, group: string) => string
  readonly leaveDirectoryGroup: (user: string, group: string) => string
  /** `kind` is the first part of a holder's name: `center`, `pod`. */
  readonly unlend: (
    kind: string,
    rest: string,
    role: string,
    of: { readonly set: string; readonly account: string; readonly isSet: boolean },
  ) => string
  readonly inAccount: (sentence: string, account: string) => string
  readonly isAdministrator: (who: string) => string
  readonly unbreakable: (steps: readonly (readonly [label: string, who: string])[]) => string
  /** A start that no edit stops, and why. */
  readonly leftOut: (who: string, why: string) => string
  readonly moreLeftOut: (who: readonly string[]) => string
  /** No trail was read. */
  readonly noTrail: string
  /** A trail was read back to a time, and not to the end of the period. */
  readonly trailSince: (time: string) => string
}

function nameOfStatement(sid: string | undefined, number: number): string {
  return sid === undefined ? String(number) : `"${sid}"`
}

/** The words of each language. */
export const editWords: Readonly<Record<SentenceLanguage, EditWords>> = {
  en: {
    statement: (sid, number, at) => `statement ${nameOfStatement(sid, number)} of ${at}`,
    removeStatement: (at) => `remove ${at}`,
    removeActions: (values, at) => `remove ${values} from ${at}`,
    removeResources: (values, at) => `remove the resource ${values} from ${at}`,
    removePrincipals: (values, at) => `remove the principal ${values} from ${at}`,
    gone: {
      statement: ', and with it the whole statement',
      trust:
        '; nothing else is in the trust policy, so it becomes one statement that denies sts:AssumeRole to everyone: nobody can assume the role',
      inline: '; nothing else is in the policy, so it is deleted',
      managed: '; nothing else is in the policy, so it gets a new default version that allows nothing',
      resource: '; nothing else is in the policy, so the resource has none afterwards',
    },
    passOnlyTo: (services, at) => `add "iam:PassedToService": ${services} to ${at}`,
    nameRoles: (left, values, at, role) => `name ${left} instead of ${values} in ${at}, without ${role}`,
    otherRoles: (count) => `the ${count} other roles`,
    deny: (action, resource, principal) => `deny ${action} on ${resource} to ${principal}`,
    denyByScp: (action, resource) => `deny ${action} on ${resource} by an SCP of the account`,
    boundary: (principal) =>
      `give ${principal} a permissions boundary that allows what its policies allow now`,
    detach: (policy, owner) => `detach ${policy} from ${owner}`,
    narrower: (sentence) => `${sentence}; attach a narrower policy for what is still needed`,
    leaveGroup: (user, group) => `remove ${user} from group/${group}`,
    leaveDirectoryGroup: (user, group) => `remove ${user} from the group ${group} of IAM Identity Center`,
    unlend: (kind, rest, role, { set, account, isSet }) => {
      switch (kind) {
        case 'center':
          return `remove the ${isSet ? 'assignment' : 'entitlement'} of ${set} in account ${account} from ${rest.startsWith('group/') ? `the group ${rest.slice(6)}` : rest} of ${isSet ? 'IAM Identity Center' : 'the account access manager'}`
        case 'pod':
          return `delete the association of ${role} with the pods ${rest}`
        case 'certificate':
          return `take ${role} out of the profile ${rest} of IAM Roles Anywhere`
        default:
          return `take ${role} out of the identity pool ${rest}`
      }
    },
    inAccount: (sentence, account) => `${sentence}, in account ${account}`,
    isAdministrator: (who) => `${who} is an administrator: detach or edit the policies that make it one`,
    unbreakable: (steps) =>
      `No edit that Omen proposes ends this path: ${steps.map(([label, who]) => `${label} of ${who}`).join(', ')}`,
    leftOut: (who, why) => `${who} is left out. ${why}`,
    moreLeftOut: (who) => `Left out for the same reason: ${who.join(', ')}`,
    noTrail: 'No trail was read: a cut may refuse calls that are in use',
    trailSince: (time) => `The trail was read back to ${time}: a cut may refuse calls that were made before`,
  },
  ja: {
    statement: (sid, number, at) => `${at} のステートメント ${nameOfStatement(sid, number)}`,
    removeStatement: (at) => `${at} を削除する`,
    removeActions: (values, at) => `${at} から ${values} を削除する`,
    removeResources: (values, at) => `${at} からリソース ${values} を削除する`,
    removePrincipals: (values, at) => `${at} からプリンシパル ${values} を削除する`,
    gone: {
      statement: '（ステートメント全体がなくなります）',
      trust:
        '（信頼ポリシーにはほかに何もないため、すべてのプリンシパルに sts:AssumeRole を拒否する 1 つのステートメントに置き換えられ、誰もこのロールを引き受けられなくなります）',
      inline: '（ポリシーにはほかに何もないため、削除されます）',
      managed: '（ポリシーにはほかに何もないため、何も許可しない新しいデフォルトバージョンが作成されます）',
      resource: '（ポリシーにはほかに何もないため、リソースのポリシーはなくなります）',
    },
    passOnlyTo: (services, at) => `${at} に "iam:PassedToService": ${services} を追加する`,
    nameRoles: (left, values, at, role) =>
      `${at} の ${values} を ${left} に置き換え、${role} を含めないようにする`,
    otherRoles: (count) => `ほかの ${count} 件のロール`,
    deny: (action, resource, principal) => `${principal} に ${resource} への ${action} を拒否する`,
    denyByScp: (action, resource) => `アカウントの SCP で ${resource} への ${action} を拒否する`,
    boundary: (principal) => `現在のポリシーが許可する範囲のアクセス許可の境界を ${principal} に設定する`,
    detach: (policy, owner) => `${owner} から ${policy} をデタッチする`,
    narrower: (sentence) => `${sentence}（必要な権限には、より範囲の狭いポリシーをアタッチする）`,
    leaveGroup: (user, group) => `${user} を group/${group} から外す`,
    leaveDirectoryGroup: (user, group) => `${user} を IAM Identity Center のグループ ${group} から外す`,
    unlend: (kind, rest, role, { set, account, isSet }) => {
      switch (kind) {
        case 'center':
          return `${isSet ? 'IAM Identity Center' : 'アカウントアクセスマネージャー'} の${rest.startsWith('group/') ? `グループ ${rest.slice(6)}` : `ユーザー ${rest}`} から、アカウント ${account} での ${set} の${isSet ? '割り当て' : 'エンタイトルメント'}を削除する`
        case 'pod':
          return `${role} と Pod ${rest} の関連付けを削除する`
        case 'certificate':
          return `IAM Roles Anywhere のプロファイル ${rest} から ${role} を外す`
        default:
          return `アイデンティティプール ${rest} から ${role} を外す`
      }
    },
    inAccount: (sentence, account) => `${sentence}（アカウント ${account}）`,
    isAdministrator: (who) => `${who} は管理者です。管理者にしているポリシーをデタッチするか編集してください`,
    unbreakable: (steps) =>
      `Omen が提案できる変更では、この経路を断てません: ${steps.map(([label, who]) => `${who} の ${label}`).join('、')}`,
    leftOut: (who, why) => `${who} は対象から外しました。${why}`,
    moreLeftOut: (who) => `同じ理由で対象から外しました: ${who.join('、')}`,
    noTrail: '証跡は読んでいません。使用中の呼び出しが拒否されるようになる場合があります',
    trailSince: (time) =>
      `証跡は ${time} まで遡って読みました。それより前に行われた呼び出しが拒否されるようになる場合があります`,
  },
}
