import type { Image, ImageFinding, NotTaken, SourcePlace } from '../intake/index.ts'
import { exitCodes } from './failure.ts'
import { printError, safe } from './output.ts'

/** A part of a plan, or a file of a folder, that may give access and that was not looked at. */
export interface Unread {
  readonly at?: SourcePlace
  /** The resource or the policy, `aws_iam_role module.a.aws_iam_role.r[0]`, or the file. */
  readonly what: string
  /** One sentence. */
  readonly reason: string
  /** How many files these are, if they are files that were left out. */
  readonly files?: number
}

/** Types that give nobody access to anything: they name things of IAM, or have policies that only limit. */
const harmless =
  /^aws_(?:vpc_endpoint|vpc_endpoint_policy|transfer_access|transfer_user)$|^AWS::EC2::VPCEndpoint$|^aws_iam_(?:account_|security_token_|server_certificate|signing_certificate|service_specific_|user_ssh_key|virtual_mfa)|^aws_iam_(?:role|user|group)_policies_exclusive$|^aws_organizations_(?:account|organization|organizational_unit)$|^AWS::IAM::(?:ServerCertificate|VirtualMFADevice)$|^AWS::Organizations::(?:Account|Organization|OrganizationalUnit)$/

/** Returns whether a resource of the type may give access. */
export function mayGrant(type: string): boolean {
  return !harmless.test(type)
}

/**
 * The parts that a plan newly leaves out and that may give access (behaviour TPL-32): resources, parts of documents, and policies
 * that nothing describes. What was left out of the state before as well is not a part of the change.
 */
export function unreadOf(before: Image, after: Image, missing: readonly string[]): readonly Unread[] {
  const keyOf = ({ kind, name }: NotTaken) => `${kind} ${name}`
  const textOf = ({ message }: ImageFinding) => message
  const knownThings = new Set(before.notTaken.map(keyOf))
  const knownTexts = new Set(before.findings.map(textOf))
  return [
    ...after.notTaken
      .filter((each) => mayGrant(each.kind) && !knownThings.has(keyOf(each)))
      .map((each) => ({ at: each.at, what: keyOf(each), reason: each.reason })),
    ...after.findings
      .filter((each) => each.code === 'unknown-value' && !knownTexts.has(textOf(each)))
      .map(({ at, message }) => ({
        at,
        what: message.slice(0, message.indexOf(': ')),
        reason: message.slice(message.indexOf(': ') + 2),
      })),
    ...missing.map((arn) => ({ what: arn, reason: 'no file has the policy' })),
  ]
}

/** Names what was not looked at: a command that would say that all is well does not, then. */
export function sayUnread(unread: readonly Unread[]): void {
  if (unread.length === 0) return
  printError(unreadLines(unread))
  process.once('exit', () => {
    if (process.exitCode === undefined || process.exitCode === 0) process.exitCode = exitCodes.undecided
  })
}

/** The first lines of a summary: how many parts and which files were not looked at. */
export function unreadLines(unread: readonly Unread[]): string {
  const [files, parts] = [
    unread.filter(({ files }) => files !== undefined),
    unread.filter(({ files }) => files === undefined),
  ]
  return `${partsLine(parts)}${filesLine(files)}`
}

function partsLine(parts: readonly Unread[]): string {
  if (parts.length === 0) return ''
  const names = [...new Set(parts.map(({ what }) => what))]
  return `NOT LOOKED AT, though it may give access: ${parts.length} (${safe(listed(names))})\n`
}

/** Files with the same reason are named together. */
function filesLine(files: readonly Unread[]): string {
  if (files.length === 0) return ''
  const reasons = [...Map.groupBy(files, ({ reason }) => reason)]
  const parts = reasons.map(([reason, of]) => `${listed(of.map(({ what }) => what))} (${reason})`)
  const sum = files.reduce((total, each) => total + (each.files ?? 0), 0)
  const count = sum === 1 ? '1 file' : `${sum} files`
  return `LEFT OUT, though it may give access: ${count}: ${safe(listed(parts, '; '))}\n`
}

function listed(names: readonly string[], between = ', '): string {
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : ''
  return `${names.slice(0, mostNames).join(between)}${more}`
}

const mostNames = 5
