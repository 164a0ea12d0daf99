import type { Image, ImageFinding, NotTaken, SourcePlace } from '../intake/index.ts'

/** A part of a plan that may give access and that was not looked at. */
export interface Unread {
  readonly at?: SourcePlace
  /** The resource or the policy: `aws_iam_role module.a.aws_iam_role.r[0]`. */
  readonly what: string
  /** One sentence. */
  readonly reason: string
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

/** The first line of a summary: how many parts were not looked at, and which. */
export function unreadLine(unread: readonly { readonly what: string }[]): string {
  if (unread.length === 0) return ''
  const names = [...new Set(unread.map(({ what }) => what))]
  const shown = names.slice(0, mostNames).join(', ')
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : ''
  return `NOT LOOKED AT, though it may give access: ${unread.length} (${shown}${more})\n`
}

const mostNames = 5
