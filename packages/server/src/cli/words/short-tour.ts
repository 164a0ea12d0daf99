import type { Language } from './language.ts'

interface ShortText {
  readonly goesOn: string
  /** Before the first denial. */
  readonly handing: readonly string[]
  readonly granting: readonly string[]
  readonly assuming: readonly string[]
  readonly worn: readonly string[]
  readonly end: readonly string[]
  /** Rows of three cells, the heads first; a long cell goes on in the next row. At most 78 columns wide. */
  readonly table: readonly (readonly [string, string, string])[]
}

/** The words of the short tour. Names, actions and AWS's own messages are translated into no language. */
export const shortText: Readonly<Record<Language, ShortText>> = {
  en: {
    goesOn: 'any key goes on',
    handing: [
      'A role is a mask. dev hands the mask web to EC2: to a machine, not a human.',
      'The call is allowed. Handing over the role is asked as well, and is not.',
    ],
    granting: ['iam:PassRole is that second question. With this permission dev may:'],
    assuming: [
      'dev puts on a mask: AssumeRole is a call to STS. Both sides are asked.',
      'The role trusts the account, but dev has no permission to ask for it:',
    ],
    worn: ['What came back is a key, a secret and a token. Their bearer is the role:'],
    end: ['The two, side by side:'],
    table: [
      ['', 'PassRole', 'AssumeRole'],
      ['is', 'a permission, asked', 'a call to STS'],
      ['', 'alongside another call', ''],
      ['wears it', 'a service: EC2, Lambda …', 'the caller'],
      ['caller needs', 'iam:PassRole on the role', 'sts:AssumeRole on the role'],
      ['role trusts', 'the service', 'the caller, or its account'],
      ['gives', 'nothing to the caller', 'key, secret and token'],
      ['ends', 'with the role of the machine', 'after 15 minutes to 12 hours'],
      ['in the trail', 'no event of its own', 'AssumeRole'],
    ],
  },
  ja: {
    goesOn: '何かキーを押すと進みます',
    handing: [
      'ロールはお面です。dev がお面 web を EC2 に渡します。人ではなく、機械にです。',
      '呼び出し自体は許可されています。',
      '渡してよいかも問われ、こちらは許可がありません。',
    ],
    granting: ['その二つ目の問いが iam:PassRole です。許可があれば渡せます。'],
    assuming: [
      'dev が自分でお面をかぶります。',
      'AssumeRole は STS への呼び出しで、両側が問われます。',
      'ロールはアカウントを信頼していますが、dev には頼む許可がありません。',
    ],
    worn: ['戻ってきたのはキーとシークレットとトークンです。', '持つ人は、そのロールになります。'],
    end: ['二つを並べます。'],
    table: [
      ['', 'PassRole', 'AssumeRole'],
      ['何か', '別の呼び出しと一緒に', 'STS への呼び出し'],
      ['', '問われる許可', ''],
      ['かぶる', 'サービス（EC2、Lambda…）', '呼び出した本人'],
      ['要る許可', 'ロールへの iam:PassRole', 'ロールへの sts:AssumeRole'],
      ['信頼する', 'サービス', '本人か、そのアカウント'],
      ['得る', '呼び出し側は何も得ない', 'キー、シークレット、トークン'],
      ['終わり', '機械がロールを失うとき', '15 分から 12 時間の後'],
      ['記録', '自分のイベントはない', 'AssumeRole'],
    ],
  },
}
