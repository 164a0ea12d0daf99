import { foreignForm, parseSource } from '../sources/index.ts'

/** The bytes with which a ZIP archive begins: a plan as `terraform plan -out` writes it. */
const archive = [0x50, 0x4b, 0x03, 0x04]

/**
 * The text of a file: UTF-8, or UTF-16 with its mark, as the output of a command in PowerShell is written. What the
 * wrapper of setup-terraform prints around the output of a command becomes empty lines (behaviour TPL-37).
 */
export function textOfFile(bytes: Uint8Array): string {
  const text = decoded(bytes)
  if (!/^\s*\[command\]/.test(text)) return text
  return text.replace(/^\s*\[command\][^\n]*/, '').replace(/(?:\n::[^\n]*)+\s*$/, '\n')
}

/** Returns what a file is that holds nothing that can be read, and what to give instead; undefined for others. */
export function unreadableForm(bytes: Uint8Array): string | undefined {
  if (archive.every((byte, index) => bytes[index] === byte))
    return 'it is an archive, as terraform plan -out writes it: give the output of terraform show -json'
  return /^\s*\{"@level":/.test(decoded(bytes.subarray(0, 200)))
    ? 'it is the log of terraform plan -json: give the output of terraform show -json'
    : undefined
}

/** Returns what a text of Terraform is that is not read, and what to give instead; undefined for others. */
export function foreignText(text: string): string | undefined {
  const head = text.slice(0, 4_000)
  for (const [begins, form] of writtenForms) if (begins.test(head)) return `${form}: ${instead}`
  // only what begins so is parsed: a dump of an account is long
  if (!configured.test(head)) return undefined
  const root = parseSource(text, 'source.json')
  return root.type === 'problem' ? undefined : foreignForm(root)
}

const instead = 'give the output of terraform show -json of its plan'

/** The forms that a person writes, and that Terraform prints for people. */
const writtenForms = [
  [
    /^(?:\s|(?:#|\/\/).*\n)*(?:terraform|provider|resource|data|variable|output|locals|module)(?: +"[\w-]+"){0,2} *\{/,
    'it is a configuration of Terraform',
  ],
  [
    /^(?:Terraform|OpenTofu) (?:used the selected providers|will perform the following actions)/m,
    'it is the text of a plan for people',
  ],
] as const

/** The beginning of a configuration in JSON, and of a state before version 4. */
const configured =
  /^\s*\{\s*"(?:\/\/|terraform|provider|resource|data|variable|output|locals|module|version"\s*:\s*[0-3]\b)/

function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder('utf-8').decode(bytes)
}
