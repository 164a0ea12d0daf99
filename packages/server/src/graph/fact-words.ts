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
    /^whether (.+) with tags asks for (.+) is not documented$/,
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
  [/^status is Stopped; it can be started$/, 'status は Stopped。起動できる'],
  [/^(\w+) is (.+)$/, '$1 は $2'],
]

/** What a fact holds, in a language. Names and ARNs stay as they are. */
export function factValueIn(value: string, language: SentenceLanguage): string {
  if (language === 'en') return value
  for (const [form, japanese] of inJapanese) if (form.test(value)) return value.replace(form, japanese)
  return value
}

/** The names of facts in Japanese, by those in data/techniques.json. */
const namesInJapanese: Readonly<Record<string, string>> = {
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
  batch: 'Batch のジョブ',
  administersStackSets: 'StackSets の管理',
  stackInstances: 'スタックインスタンス',
  scheduled: 'スケジュール',
  emrServiceRole: 'EMR のサービスロール',
  spotFleetRole: 'スポットフリートのロール',
  ecsInfrastructureRole: 'ECS のインフラストラクチャロール',
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
}

/** The name of a fact within a sentence, in a language: in English it is that of the data. */
export function factNameIn(fact: string, language: SentenceLanguage): string {
  if (language === 'en') return fact
  const [kind = '', type] = fact.split(' ')
  if (type === undefined) return namesInJapanese[fact] ?? fact
  return kind === 'exists' ? `${type} の存在` : kind === 'is' ? `${type} であること` : fact
}

/** What could not be read, in a language. What the parser says of a document stays in AWS's words. */
export function problemIn(problem: string, language: SentenceLanguage): string {
  return language === 'en'
    ? problem
    : problem.replace(/The policy (\S+) is not known\.$/, 'ポリシー $1 は不明です。')
}
