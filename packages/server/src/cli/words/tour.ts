import type { Language } from './language.ts'

/** The tour's texts in Japanese, by those in English: titles, tales and facts of its chapters. */
const japanese: Readonly<Record<string, string>> = {
  'A mask and its three policies': 'お面と三つのポリシー',
  'A role is a mask (お面): it does nothing by itself, and whoever puts it on gains its powers and lays down their own. Three policies make it: what it may do, how far at most, and who may wear it.':
    'ロールはお面です。それだけでは何もしません。かぶった人はお面の許可で動き、そのあいだ自分の許可は使えません。お面は三つのポリシーでできています。何ができるか、どこまでか、だれがかぶれるかです。',
  'its trust policy says who may wear it': '信頼ポリシーが、だれがかぶれるかを決めます',
  'its permissions boundary says how far at most': 'アクセス許可の境界が、どこまでかを決めます',
  'its identity policy says what it may do': 'アイデンティティベースのポリシーが、何ができるかを決めます',
  'Handing a mask to something that is not human': '人ではないものにお面を渡す',
  'PassRole is no call of its own but a permission asked alongside another call, whenever a role is handed to a service. AmazonEC2FullAccess does not hold it: dev may launch an instance, but not one that wears a role.':
    'PassRole は呼び出しではなく、ロールをサービスに渡すとき、ほかの呼び出しと一緒に問われる許可です。AmazonEC2FullAccess には含まれません。dev はインスタンスを起動できますが、ロールをかぶったインスタンスは起動できません。',
  'the code is UnauthorizedOperation': 'エラーコードは UnauthorizedOperation です',
  'the message is encoded': 'メッセージはエンコードされています',
  'dev may not open it': 'dev はそれを開けません',
  'what was missing is iam:PassRole …': '足りなかったのは iam:PassRole です',
  '… on the role': '対象はそのロールです',
  'nothing denies it, nothing allows it': '拒否するものも、許可するものもありません',
  'The permission to hand it on, and its edges': '渡す許可と、その範囲',
  'Given iam:PassRole on that role for that service, dev may hand it over. Another role, another service, or a role of another account is still refused, and changing the mask of a running instance needs the permission just the same.':
    'そのロールを、そのサービスに渡す iam:PassRole があれば、dev はお面を渡せます。別のロール、別のサービス、別のアカウントのロールは拒否されたままです。動いているインスタンスのお面を替えるときにも、同じ許可が要ります。',
  'a permission for Lambda does not cover EC2': 'Lambda のための許可は EC2 に効きません',
  'the instance has the profile': 'インスタンスにプロファイルが付きました',
  'another role is refused': '別のロールは拒否されます',
  'so is one of another account': '別のアカウントのロールも拒否されます',
  'changing the mask of a running instance needs it too':
    '動いているインスタンスのお面を替えるときにも要ります',
  'The instance wears the mask': 'インスタンスがお面をかぶる',
  'EC2 prays to STS in the instance’s place: the trust policy is weighed, and temporary credentials appear at the metadata endpoint. A program on the instance has no key of its own, and whatever it does is recorded under the mask’s name.':
    'EC2 がインスタンスの代わりに STS に頼みます。信頼ポリシーが量られ、一時的な認証情報がメタデータのエンドポイントに現れます。インスタンス上のプログラムは自分のキーを持たず、することはすべてお面の名前で記録されます。',
  'it acts as the role, in a session named after the instance':
    'インスタンスの名前を持つセッションで、ロールとして動きます',
  'the boundary stops what the identity policy allows':
    'アイデンティティベースのポリシーが許可しても、境界が止めます',
  'a role that does not trust EC2 gives an instance nothing':
    'EC2 を信頼しないロールからは、インスタンスは何も得られません',
  'Praying to STS': 'STS に頼む',
  'AssumeRole weighs both sides: the caller must be allowed to ask, and the mask must be willing to be worn. What comes back is a temporary avatar, an access key, a secret and a session token, that acts and is recorded in one’s place.':
    'AssumeRole は両側を量ります。呼び出し元は頼むことを許され、お面は呼び出し元を受け入れる必要があります。戻ってくるのは一時的な分身です。アクセスキー、シークレット、セッショントークンからなり、代わりに動き、記録されます。',
  'the mask is willing, dev may not ask': 'お面は受け入れますが、dev に頼む許可がありません',
  'dev may ask, the mask is unwilling: the same words':
    'dev は頼めますが、お面が受け入れません。応答は同じ文です',
  'both agree: an access key …': '両側がそろうと、アクセスキーが戻ります',
  '… a secret, and a session token': 'シークレットとセッショントークンも戻ります',
  'the avatar has a name of its own': '分身には自分の名前があります',
  'what dev could do, the avatar cannot': 'dev にできたことも、分身にはできません',
  'dev wearing deployer': 'deployer をかぶった dev',
  'dev wearing deployer, narrowed': 'deployer をかぶり、権限を狭めた dev',
  'dev wearing deployer wearing auditor': 'deployer の上に auditor をかぶった dev',
  'admin in the second account': '二つ目のアカウントの admin',
  'dev wearing reader': 'reader をかぶった dev',
  'a session policy narrows one wearing': 'セッションポリシーは、その一回を狭めます',
  'an avatar can hand on a mask itself': '分身もお面を渡せます',
  'Into another account': '別のアカウントへ',
  'An organization makes a second account, with a role in it that the first account may wear. Crossing the border needs the trust there and the permission here; one alone is not enough.':
    '組織が二つ目のアカウントを作ります。そこには、一つ目のアカウントがかぶれるロールがあります。境を越えるには、向こうの信頼とこちらの許可の両方が要ります。片方だけでは足りません。',
  'the account is there': 'アカウントができました',
  'trust there alone is not enough': '向こうの信頼だけでは足りません',
  'permission here alone is not enough': 'こちらの許可だけでは足りません',
  'both: dev acts in the second account': '両方あれば、dev は二つ目のアカウントで動けます',
  'A mask over a mask': 'お面の上にお面',
  'An avatar can put on the next mask: that is a chain. Each link lives an hour at most, and nothing of the powers before it remains.':
    '分身は次のお面をかぶれます。これが連鎖です。それぞれ長くても 1 時間で終わり、前のお面の許可は何も残りません。',
  'longer than an hour is refused': '1 時間を超えると拒否されます',
  'the powers of the mask beneath are gone': '下のお面の許可は使えません',
  'CloudTrail shows it all': 'CloudTrail にすべて残る',
  'Every call is in the event history, the refused ones with their error. A session’s events name its mask, and the mask’s events name who asked for it.':
    'どの呼び出しもイベント履歴にあり、拒否されたものにはエラーが付いています。セッションのイベントはお面の名前を、お面のイベントは頼んだ人の名前を示します。',
  'AssumeRole by a user': 'ユーザーによる AssumeRole',
  'AssumeRole by an avatar, its mask as issuer': '分身による AssumeRole。発行元はそのお面です',
  'AssumeRole by EC2 for its instance': 'EC2 がインスタンスのために行った AssumeRole',
  'refused ones carry the error': '拒否されたものにはエラーがあります',
  'the launch refused for PassRole is there': 'PassRole のために拒否された起動もあります',
  'what the instance did is recorded under the mask’s name':
    'インスタンスがしたことは、お面の名前で記録されています',
  'PassRole itself never has an event': 'PassRole 自体のイベントはありません',
}

/** The end of the tour. */
export const tourEnd: Readonly<Record<Language, string>> = {
  en: 'That was the whole story. Now say it before you see it: omen learn',
  ja: 'これで全部です。次は、見る前に言い当ててみましょう: omen learn',
}

/** A text of the tour in a language. */
export function tourText(english: string, language: Language): string {
  return language === 'ja' ? (japanese[english] ?? english) : english
}
