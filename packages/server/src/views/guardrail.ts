/** The names that the policy package gives to guardrails, in Japanese. */
const names: Readonly<Record<string, string>> = {
  'MFA condition': 'MFA の条件',
  'ExternalId condition': '外部 ID の条件',
  'tag requirement': 'タグの要件',
  'region restriction': 'リージョンの制限',
  'network restriction': 'ネットワークの制限',
  'TLS requirement': 'TLS の要件',
  'revocation of sessions': 'セッションの取り消し',
  'time restriction': '時刻の制限',
  'organization restriction': '組織の制限',
  'confused deputy protection': '混乱した代理に対する保護',
  'boundary requirement': 'アクセス許可の境界の要件',
  'service restriction': '渡し先サービスの制限',
  'source identity requirement': 'ソース ID の要件',
  'session name requirement': 'セッション名の要件',
  'service control policy': 'サービスコントロールポリシー（SCP）',
  'resource control policy': 'リソースコントロールポリシー（RCP）',
  'VPC endpoint policy': 'VPC エンドポイントポリシー',
  'permissions boundary': 'アクセス許可の境界',
  'explicit deny': '明示的な拒否',
  'tag restriction': 'タグによる制限',
  'tag match': 'タグの一致',
}

/** The name of a guardrail in a language; a condition is named by its key, an unknown guardrail as it is. */
export function guardrailIn(language: 'en' | 'ja', name: string): string {
  if (language === 'en') return name
  const key = /^condition on (.+)$/s.exec(name)?.[1]
  return key === undefined ? (names[name] ?? name) : `${key} の条件`
}
