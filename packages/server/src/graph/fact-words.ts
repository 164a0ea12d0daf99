import type { SentenceLanguage } from './sentences.ts'

/** Each value of a fact that is a sentence, and the same in Japanese: `$1` is what the first group matches. */
const inJapanese: readonly (readonly [form: RegExp, japanese: string])[] = [
  [/^not decided$/, '未判定'],
  [/^it depends on what IAM does not see$/, 'IAM からは見えない条件による'],
  [/^IAM can change it$/, 'IAM で変更できる'],
  [/^(\d+) of (\d+) versions$/, 'バージョン $1 個（上限 $2 個）'],
  [/^(\d+) of (\d+) versions, one is deleted$/, 'バージョン $1 個（上限 $2 個）、1 個を削除する'],
  [/^(\d+) of (\d+) managed policies$/, 'マネージドポリシー $1 個（上限 $2 個）'],
  [
    /^(\d+) managed policies are attached; the quota is (\d+), and may have been raised$/,
    'マネージドポリシー $1 個をアタッチ済み。上限は $2 個だが、引き上げられている可能性がある',
  ],
  [/^(\d+) managed policies; (.+) is detached$/, 'マネージドポリシー $1 個。$2 をデタッチする'],
  [/^(\d+) of (\d+) groups$/, 'グループ $1 個（上限 $2 個）'],
  [/^(\d+) groups; (.+) is left$/, 'グループ $1 個。$2 から外れる'],
  [/^(\d+) MFA devices?$/, 'MFA デバイス $1 台'],
  [/^(\d+) MFA devices?; they can be deactivated$/, 'MFA デバイス $1 台。無効化できる'],
  [/^no MFA device$/, 'MFA デバイスなし'],
  [/^the inventory has no numbers of access keys$/, 'インベントリにアクセスキーの数がない'],
  [
    /^the inventory has no numbers of access keys; one can be deleted$/,
    'インベントリにアクセスキーの数がない。1 個を削除できる',
  ],
  [/^(\d+) of (\d+) access keys$/, 'アクセスキー $1 個（上限 $2 個）'],
  [/^(\d+) access keys$/, 'アクセスキー $1 個'],
  [/^(\d+) access keys; one can be deleted$/, 'アクセスキー $1 個。1 個を削除できる'],
  [/^the inventory has no numbers of MFA devices$/, 'インベントリに MFA デバイスの数がない'],
  [
    /^the inventory has no numbers of MFA devices; they can be deactivated$/,
    'インベントリに MFA デバイスの数がない。無効化できる',
  ],
  [/^the inventory has no list of login profiles$/, 'インベントリにパスワードの一覧がない'],
  [
    /^the inventory has no list of login profiles; either call works$/,
    'インベントリにパスワードの一覧がない。どちらの呼び出しでもよい',
  ],
  [
    /^the inventory has no list of login profiles; one can be deleted$/,
    'インベントリにパスワードの一覧がない。削除できる',
  ],
  [/^the inventory has no list of (.+)$/, 'インベントリに $1 の一覧がない'],
  [/^no password$/, 'パスワードなし'],
  [/^a password$/, 'パスワードあり'],
  [/^no code signing$/, 'コード署名なし'],
  [/^code signing, which is taken away$/, 'コード署名あり。解除する'],
  [/^ready and reachable$/, '準備完了で到達可能'],
  [/^the role may (.+)$/, 'ロールに $1 が許可されている'],
  [/^a cluster has container instances$/, 'コンテナインスタンスのあるクラスターがある'],
  [
    /^the inventory does not say status and sshReachable$/,
    'インベントリに status と sshReachable の記載がない',
  ],
  [
    /^whether the agent connects once the instance runs is not in the files$/,
    'インスタンスの開始後にエージェントが接続するかは、ファイルにない',
  ],
  [
    /^the inventory does not say whether it has a stack in (.+)$/,
    'インベントリに $1 のスタックの有無の記載がない',
  ],
  [/^the inventory does not say whether something launches$/, 'インベントリに起動の有無の記載がない'],
  [/^the inventory does not say (.+)$/, 'インベントリに $1 の記載がない'],
  [/^the instance is stopped; it can be started$/, 'インスタンスは停止中。開始できる'],
  [/^its URL answers everyone$/, '関数 URL は誰にでも応答する'],
  [/^the instance is stopped$/, 'インスタンスは停止中'],
  [/^the notebook is stopped$/, 'ノートブックは停止中'],
  [/^it has a stack in (.+)$/, '$1 にスタックがある'],
  [/^a stack in (.+) is made$/, '$1 にスタックを作成する'],
  [/^no instance profile$/, 'インスタンスプロファイルなし'],
  [/^the profile holds no role$/, 'プロファイルにロールがない'],
  [/^iam:PassRole is allowed as well$/, 'iam:PassRole も許可されている'],
  [
    /^whether iam:PassRole is asked for an unchanged role is not settled$/,
    '同じロールのままでも iam:PassRole が必要かどうかは確定していない',
  ],
  [/^it lets in guests$/, 'ゲストを受け入れる'],
  [
    /^who may log in to the identity pool is not in the files$/,
    'ID プールにログインできる人がファイルにない',
  ],
  [/^the administration role assumes the execution role$/, '管理ロールが実行ロールを引き受ける'],
  [/^Kubernetes decides which pods the attacker can run$/, '攻撃者が実行できるポッドは Kubernetes が決める'],
  [/^the permission set must be provisioned$/, '許可セットのプロビジョニングが必要'],
  [
    /^whether the account manages IAM Identity Center is not in the files$/,
    'アカウントが IAM Identity Center を管理するかどうかがファイルにない',
  ],
  [/^the account manages the organization$/, 'アカウントが組織を管理している'],
  [
    /^whether root access is centralized and Account Management trusted is not in the files$/,
    'ルートアクセスの一元管理と Account Management の信頼の有無がファイルにない',
  ],
  [
    /^whether the account may leave the organization is not in the files$/,
    'アカウントが組織を離れられるかどうかがファイルにない',
  ],
  [
    /^whether the account manages the organization is not in the files$/,
    'アカウントが組織を管理するかどうかがファイルにない',
  ],
  [
    /^whether the account is a delegated administrator is not in the files$/,
    'アカウントが委任管理者かどうかがファイルにない',
  ],
  [/^the attacker must answer under the name of the issuer$/, '攻撃者が発行者の名前で応答する必要がある'],
  [/^whether the provider exists is not in the files$/, 'プロバイダーの有無がファイルにない'],
  [/^(.+) does not exist$/, '$1 は存在しない'],
  [/^(.+) runs the steps of the cluster$/, 'クラスターのステップを $1 が実行する'],
  [/^code can be run on (.+)$/, '$1 でコードを実行できる'],
  [/^whether code can be run on the instance$/, 'インスタンスでコードを実行できるかどうか'],
  [/^tags that the attacker gives: (.+)$/, '攻撃者が付けるタグ: $1'],
  [
    /^whether (\S+) with tags asks for (\S+) is not documented$/,
    'タグを付けた $1 に $2 の許可が必要かどうかは文書にない',
  ],
  [
    /^whether (.+) lets code of the attacker run is not in the files$/,
    '$1 で攻撃者のコードが実行できるかどうかがファイルにない',
  ],
  [
    /^whether the code signing configuration refuses unsigned code is not in the files$/,
    'コード署名設定が署名のないコードを拒否するかどうかがファイルにない',
  ],
  [
    /^whether iam:PassRole sees the tags of (.+) is not reliable$/,
    'iam:PassRole の判定に $1 のタグが使われるかどうかは確実でない',
  ],
  [/^a session of sts:GetSessionToken$/, 'sts:GetSessionToken のセッション'],
  [/^(.+) is in no file$/, '$1 がファイルにない'],
  [/^a role that the attacker makes$/, '攻撃者が作るロール'],
  [/^a document that the attacker makes$/, '攻撃者が作るドキュメント'],
  [
    /^what documents of the account run is not in the files$/,
    'アカウントのドキュメントの内容がファイルにない',
  ],
  [/^(.+), to which the attacker writes$/, '$1（攻撃者が書き込む）'],
  [/^(.+) launches (.+)$/, '$1 が $2 を起動する'],
  [/^(?:events|scheduler) makes (\S+) with (.+)$/, '$2 を使ってサービスが $1 を呼び出す'],
  [/^status is Stopped; it can be started$/, 'status は Stopped。起動できる'],
  [/^(\w+) is (.+)$/, '$1 は $2'],
]

/** The value of a fact, in a language. Names and ARNs stay as they are. */
export function factValueIn(value: string, language: SentenceLanguage): string {
  if (language === 'en') return value
  for (const [form, japanese] of inJapanese) if (form.test(value)) return value.replace(form, japanese)
  return value
}

/** The names of facts in Japanese, by those in data/techniques.json. */
const namesInJapanese = {
  versionRoom: 'バージョンの空き',
  attachRoom: 'アタッチの空き',
  groupRoom: 'グループの空き',
  notServiceLinked: 'サービスにリンクされたロールではない',
  provisionedLater: '後のプロビジョニング',
  identityCenterAdministrator: 'IAM Identity Center の管理',
  mfaRoom: 'MFA デバイスの空き',
  standsAlone: '組織に属さないこと',
  accessKeyRoom: 'アクセスキーの空き',
  accessKeysFull: 'アクセスキーが上限に達していること',
  noLoginProfile: 'コンソールのパスワードがないこと',
  noMfa: 'MFA デバイスがないこと',
  loginProfile: 'コンソールのパスワード',
  publicUrl: '誰でも呼び出せる関数 URL',
  noFunctionUrl: '関数 URL がないこと',
  outside: 'IAM の外の条件',
  managementAccount: '管理アカウント',
  rootAccess: 'ルートアクセスの一元管理',
  providerExists: 'プロバイダーの存在',
  providerMissing: 'プロバイダーがないこと',
  servesIssuer: '発行者としての応答',
  podsWear: 'ロールを使うポッド',
  streamGetsRecords: 'ストリームへのレコード',
  invoked: '呼び出し',
  instanceProfile: 'インスタンスプロファイル',
  instanceWithoutProfile: 'プロファイルのないインスタンス',
  instanceWithProfile: 'プロファイルのあるインスタンス',
  controlsInstance: 'インスタンスの制御',
  profileHoldsRole: 'プロファイルのロール',
  profileEmpty: 'ロールのないプロファイル',
  profileWornByControlledInstance: '制御できるインスタンスのプロファイル',
  containerInstance: 'コンテナインスタンス',
  batch: 'バッチビルド',
  administersStackSets: 'StackSets の管理',
  stackInstances: 'スタックインスタンス',
  scheduled: 'スケジュール',
  emrServiceRole: 'EMR のサービスロール',
  spotFleetRole: 'スポットフリートのロール',
  ecsInfrastructureRole: 'ECS のインフラストラクチャロール',
  starts: 'サービスによる開始',
  newDocument: '新しいドキュメント',
  ownDocument: 'アカウントのドキュメント',
  clusterAssumes: 'クラスターのロール',
  functionUrl: '関数 URL',
  unsigned: 'コード署名がないこと',
  launchedByDefault: 'デフォルトのバージョンによる起動',
  launchedByLatest: '最新のバージョンによる起動',
  sshReachable: 'SSH での到達',
  agentOnline: 'SSM エージェントの接続',
  agentMessages: 'SSM エージェントの通信',
  executeCommandEnabled: 'ECS Exec の有効化',
  serviceOfTask: 'タスクのサービス',
  profileOfRole: 'ロールのインスタンスプロファイル',
  passRoleUnsettled: 'iam:PassRole の要否',
  identityPoolOpen: 'ID プールに入れること',
  stackUpdatable: '更新できるスタック',
  devEndpointReady: '開発エンドポイントの準備',
  notebookInService: '稼働中のノートブック',
  notebookStopped: '停止中のノートブック',
  instanceRuns: '稼働中のインスタンス',
  instanceStopped: '停止中のインスタンス',
  inboundAuthIsIam: 'IAM による受信認証',
  agentTool: 'エージェントのツール',
  asksPassRole: 'iam:PassRole の要求',
  holdsKey: '鍵の保持',
  tags: 'タグ',
  tagging: 'タグ付けの許可',
  passedTags: '渡すロールのタグ',
  codeRuns: '攻撃者のコードの実行',
  session: 'セッション',
  policy: 'ポリシー',
  group: 'グループ',
  role: 'ロール',
  'a resource that exists': '対象のリソースの存在',
  'a resource that wears the role': 'そのロールを使うリソースの存在',
}

/** The same in English. */
const namesInEnglish: Readonly<Record<keyof typeof namesInJapanese, string>> = {
  versionRoom: 'room for a policy version',
  attachRoom: 'room to attach a policy',
  groupRoom: 'room for a group',
  notServiceLinked: 'no service-linked role',
  provisionedLater: 'provisioning afterwards',
  identityCenterAdministrator: 'administration of IAM Identity Center',
  mfaRoom: 'room for an MFA device',
  standsAlone: 'an account outside of organizations',
  accessKeyRoom: 'room for an access key',
  accessKeysFull: 'as many access keys as the quota allows',
  noLoginProfile: 'no console password',
  noMfa: 'no MFA device',
  loginProfile: 'console password',
  outside: 'a condition outside of IAM',
  managementAccount: 'management account',
  rootAccess: 'centralized root access',
  providerExists: 'identity provider',
  providerMissing: 'no such identity provider',
  servesIssuer: 'answers in the name of the issuer',
  podsWear: 'pods with the role',
  streamGetsRecords: 'records in the stream',
  invoked: 'invocation',
  instanceProfile: 'instance profile',
  instanceWithoutProfile: 'instance without a profile',
  instanceWithProfile: 'instance with a profile',
  controlsInstance: 'control of the instance',
  profileHoldsRole: 'role of the instance profile',
  profileEmpty: 'instance profile without a role',
  profileWornByControlledInstance: 'profile of an instance that is controlled',
  containerInstance: 'container instance',
  batch: 'batch builds',
  administersStackSets: 'administration of stack sets',
  stackInstances: 'stack instances',
  scheduled: 'schedule',
  emrServiceRole: 'service role of Amazon EMR',
  spotFleetRole: 'role of the Spot Fleet',
  ecsInfrastructureRole: 'infrastructure role of Amazon ECS',
  starts: 'service that makes a call',
  newDocument: 'new document',
  ownDocument: 'document of the account',
  clusterAssumes: 'role of the cluster',
  functionUrl: 'function URL',
  publicUrl: 'function URL that anyone may call',
  noFunctionUrl: 'no function URL',
  unsigned: 'code without a signature',
  launchedByDefault: 'launches of the default version',
  launchedByLatest: 'launches of the latest version',
  sshReachable: 'access by SSH',
  agentOnline: 'connection of the SSM agent',
  agentMessages: 'messages of the SSM agent',
  executeCommandEnabled: 'ECS Exec',
  serviceOfTask: 'service of the task',
  profileOfRole: 'instance profile of the role',
  passRoleUnsettled: 'need for iam:PassRole',
  identityPoolOpen: 'access to the identity pool',
  stackUpdatable: 'stack that can be updated',
  devEndpointReady: 'development endpoint',
  notebookInService: 'notebook in service',
  notebookStopped: 'notebook that is stopped',
  instanceRuns: 'instance that runs',
  instanceStopped: 'instance that is stopped',
  inboundAuthIsIam: 'inbound authorization by IAM',
  agentTool: 'tool of the agent',
  asksPassRole: 'need for iam:PassRole',
  holdsKey: 'key in hand',
  tags: 'tags',
  tagging: 'permission to tag',
  passedTags: 'tags of the role that is passed',
  codeRuns: 'code of the attacker that runs',
  session: 'session',
  policy: 'policy',
  group: 'group',
  role: 'role',
  'a resource that exists': 'a resource that exists',
  'a resource that wears the role': 'a resource that wears the role',
}

const starters: Readonly<Record<string, string>> = {
  events: 'EventBridge',
  scheduler: 'EventBridge Scheduler',
}

/** The name of a fact in words, in a language. */
export function factNameIn(fact: string, language: SentenceLanguage): string {
  const names: Readonly<Record<string, string>> = language === 'en' ? namesInEnglish : namesInJapanese
  const name = names[fact]
  if (name !== undefined) return name
  const [, by = '', action] = /^(events|scheduler) starts (\S+) on /.exec(fact) ?? []
  if (action !== undefined)
    return language === 'en' ? `${action} by ${starters[by]}` : `${starters[by]} による ${action}`
  const [kind = ''] = fact.split(' ')
  const type = fact.slice(kind.length + 1)
  // Of a resource of no certain type the fact has words.
  if (kind === 'exists' && type.includes(' ')) return factNameIn(type, language)
  if (kind === 'exists') return language === 'en' ? `a resource of the type ${type}` : `${type} の存在`
  if (kind === 'is') return language === 'en' ? `the type ${type}` : `${type} であること`
  return fact
}

/** A problem of reading, in a language. The parser's words about a document stay as AWS has them. */
export function problemIn(problem: string, language: SentenceLanguage): string {
  return language === 'en'
    ? problem
    : problem.replace(/The policy (\S+) is not known\.$/, 'ポリシー $1 は不明です。')
}
