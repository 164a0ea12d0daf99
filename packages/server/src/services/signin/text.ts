import type { HttpRequest } from '../../base/index.ts'

/** The words of the pages at which a program asks for a sign-in. */
export interface Words {
  readonly lang: 'en' | 'ja'
  readonly asks: string
  readonly login: string
  readonly from: (address: string) => string
  readonly goesTo: (address: string) => string
  readonly showsCode: string
  readonly gives: string
  readonly agentAsks: (place: string) => string
  readonly agentResource: string
  readonly agentUnknown: string
  readonly agentGives: string
  readonly goOn: string
  readonly signedIn: string
  readonly other: string
  readonly signIn: string
  readonly account: string
  readonly userName: string
  readonly password: string
  readonly mfaCode: string
  readonly newPassword: string
  readonly allowAs: (name: string) => string
  readonly assumed: string
  readonly person: string
  readonly refuse: string
  readonly refused: string
  readonly tellProgram: string
  readonly codeTitle: string
  readonly codeWords: string
  readonly invalid: string
  readonly ended: string
  readonly centerTitle: string
  readonly centerAsks: (client: string) => string
  readonly centerGives: string
  readonly centerDone: string
  readonly centerRefused: string
  readonly userCode: string
  readonly isThisCode: string
  readonly nothingLent: string
  readonly portalOf: (person: string) => string
  readonly wear: string
  readonly keys: string
  readonly betterThanKeys: string
  readonly until: (time: string) => string
  readonly leave: string
}

const en: Words = {
  lang: 'en',
  asks: 'A program asks to sign in',
  login: 'The AWS command line (aws login) asks for your permissions.',
  from: (address) => `It asked from ${address}.`,
  goesTo: (address) => `The answer goes to ${address}, on this computer.`,
  showsCode:
    'You get a code to copy into the program. Who has the code has your permissions for up to 12 hours: give it to nobody.',
  gives: 'It may do what you may do, until your sign-in ends.',
  agentAsks: (place) => `An agent asks to act for you. The answer goes to ${place}.`,
  agentResource: 'It wants tokens for:',
  agentUnknown: 'It registered itself, and nobody vouches for it. Its number is:',
  agentGives:
    'It acts with your permissions there until your sign-in ends, for up to 12 hours. If you did not start it, refuse.',
  goOn: 'Continue',
  signedIn: 'Continue with the sign-in of this browser:',
  other: 'Or sign in as someone else:',
  signIn: 'Sign in',
  account: 'Account number or alias',
  userName: 'User name',
  password: 'Password',
  mfaCode: 'MFA code, if you have a device',
  newPassword: 'New password, if it must change',
  allowAs: (name) => `Allow as ${name}`,
  assumed: 'The role that you wear',
  person: 'You, without a role',
  refuse: 'Refuse',
  refused: 'It is not allowed',
  tellProgram: 'Tell the program',
  codeTitle: 'Your code',
  codeWords: 'Copy it into the program that asked. Give it to nobody: it is your sign-in.',
  invalid: 'The request cannot be answered',
  ended: 'The request is older than ten minutes. Begin again in the program.',
  centerTitle: 'AWS access portal',
  centerAsks: (client) => `${client} asks to use what is lent to you.`,
  centerGives:
    'It may use every permission set that is lent to you, in every account, until the session ends.',
  centerDone: 'The request is approved. You can close this page.',
  centerRefused: 'The request was refused. You can close this page.',
  userCode: 'Code that the program shows',
  isThisCode: 'Is this the code on your screen? If it is not, refuse.',
  nothingLent: 'No permission set is lent to you yet. An administrator lends one with an assignment.',
  portalOf: (person) => `Signed in as ${person}.`,
  wear: 'Wear in a tab',
  keys: 'Keys',
  betterThanKeys: 'Profiles need no copying:',
  until: (time) => `Valid until ${time}.`,
  leave: 'Sign out',
}

const ja: Words = {
  lang: 'ja',
  asks: 'プログラムがサインインを求めています',
  login: 'AWS コマンドライン (aws login) があなたの権限を求めています。',
  from: (address) => `要求元: ${address}`,
  goesTo: (address) => `応答はこのコンピューターの ${address} に送られます。`,
  showsCode:
    'プログラムに貼り付けるコードが表示されます。コードを持つ人は最長 12 時間あなたの権限を使えます。誰にも渡さないでください。',
  gives: 'サインインが終わるまで、あなたにできることができるようになります。',
  agentAsks: (place) =>
    `エージェントが、あなたに代わって操作することを求めています。応答は ${place} に送られます。`,
  agentResource: '次のためのトークンを求めています:',
  agentUnknown: 'このエージェントは自分で登録したもので、保証する人はいません。番号:',
  agentGives:
    'サインインが終わるまで、最長 12 時間、あなたの権限で操作します。あなたが始めたものでなければ拒否してください。',
  goOn: '続ける',
  signedIn: 'このブラウザーのサインインで続ける:',
  other: '別の人としてサインインする:',
  signIn: 'サインイン',
  account: 'アカウント番号またはエイリアス',
  userName: 'ユーザー名',
  password: 'パスワード',
  mfaCode: 'MFA コード (デバイスがある場合)',
  newPassword: '新しいパスワード (変更が必要な場合)',
  allowAs: (name) => `${name} として許可`,
  assumed: '今かけているロール',
  person: 'あなた自身 (ロールなし)',
  refuse: '拒否',
  refused: '許可されていません',
  tellProgram: 'プログラムに知らせる',
  codeTitle: 'コード',
  codeWords: '要求したプログラムに貼り付けてください。サインインそのものなので、誰にも渡さないでください。',
  invalid: 'この要求には応答できません',
  ended: '要求から 10 分を過ぎました。プログラムからやり直してください。',
  centerTitle: 'AWS アクセスポータル',
  centerAsks: (client) => `${client} が、あなたに貸し出されたものの使用を求めています。`,
  centerGives:
    'セッションが終わるまで、すべてのアカウントで、あなたに貸し出されたすべての許可セットを使えます。',
  centerDone: '承認しました。このページを閉じてかまいません。',
  centerRefused: '拒否しました。このページを閉じてかまいません。',
  userCode: 'プログラムに表示されたコード',
  isThisCode: '画面のコードはこれですか。違う場合は拒否してください。',
  nothingLent: 'まだ何も貸し出されていません。管理者が割り当てると表示されます。',
  portalOf: (person) => `${person} としてサインインしています。`,
  wear: 'タブでかける',
  keys: 'キー',
  betterThanKeys: 'プロファイルならコピーは要りません:',
  until: (time) => `有効期限: ${time}`,
  leave: 'サインアウト',
}

/** Returns the words in the language of the browser. */
export function wordsFor({ headers }: HttpRequest): Words {
  const languages = headers['accept-language'] ?? ''
  const at = (name: string) => {
    const index = languages.search(new RegExp(`(?:^|,)\\s*${name}\\b`, 'i'))
    return index < 0 ? Number.POSITIVE_INFINITY : index
  }
  return at('ja') < at('en') ? ja : en
}
