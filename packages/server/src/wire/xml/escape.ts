const special = /[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/

/**
 * Escapes a text as XML character data. Characters that XML 1.0 cannot represent, control characters and lone
 * surrogates, become U+FFFD: a reference to them would make the whole answer invalid for a strict parser.
 */
export function escapeXml(text: string): string {
  if (!special.test(text)) return text
  return text.toWellFormed().replace(/[&<>"\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, escapeOne)
}

function escapeOne(character: string): string {
  switch (character) {
    case '&':
      return '&amp;'
    case '<':
      return '&lt;'
    case '>':
      return '&gt;'
    case '"':
      return '&quot;'
    case '\r':
      return '&#xD;'
    default:
      return '\ufffd'
  }
}
