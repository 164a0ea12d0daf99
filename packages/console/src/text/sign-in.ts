import { texts } from './language.ts'

export const signInText = texts({
  en: {
    title: 'Sign in',
    user: 'IAM user',
    root: 'Root user',
    kind: 'Sign in as',
    account: 'Account ID or alias',
    userName: 'User name',
    email: 'Root user email address',
    password: 'Password',
    mfaCode: 'MFA code',
    mfaHint: 'The six digits that your device shows',
    newPassword: 'New password',
    newPasswordHint: 'Your password has expired or was set by an administrator. Choose a new one.',
    submit: 'Sign in',
    link: 'Signing you in…',
    linkFailed: 'The link was used or has expired. Run omen console for a new one, or sign in below.',
    command: 'Where the server runs, this prints a link that signs you in:',
    story:
      'A role is a mask. It does nothing by itself: put it on, and its powers are yours while yours wait.',
  },
  ja: {
    title: 'サインイン',
    user: 'IAM ユーザー',
    root: 'ルートユーザー',
    kind: 'サインインの種類',
    account: 'アカウント ID またはエイリアス',
    userName: 'ユーザー名',
    email: 'ルートユーザーの E メールアドレス',
    password: 'パスワード',
    mfaCode: 'MFA コード',
    mfaHint: 'デバイスに表示される 6 桁の数字',
    newPassword: '新しいパスワード',
    newPasswordHint:
      'パスワードの有効期限が切れているか、管理者が設定したものです。新しいパスワードを決めてください。',
    submit: 'サインイン',
    link: 'サインインしています…',
    linkFailed:
      'リンクは使用済みか、期限切れです。omen console で新しいリンクを作るか、下からサインインしてください。',
    command: 'サーバーのあるマシンで次のコマンドを実行すると、サインインできるリンクが表示されます。',
    story:
      'ロールはお面です。置いてあるだけでは何もしません。かぶると、その力が使えます。そのあいだ、自分の力はお休みです。',
  },
})
