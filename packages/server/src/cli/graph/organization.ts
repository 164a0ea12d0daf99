import { type Organizations, readOrganizations } from '../../graph/index.ts'
import { type GivenFile, ImageReader, IntakeProblem, type OrganizationImage } from '../../intake/index.ts'
import { badConfiguration } from '../failure.ts'

const types = { scps: 'SERVICE_CONTROL_POLICY', rcps: 'RESOURCE_CONTROL_POLICY' } as const

/** AWS's own policies, of which AWS's answers may not have the text. */
const own: Readonly<Record<string, object>> = {
  FullAWSAccess: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  },
  RCPFullAWSAccess: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
  },
}

/** Whether a text is an answer of AWS Organizations as `omen import` reads it. */
export function isOrganizationAnswer(text: string): boolean {
  return /:organizations::|"MasterAccountId"|"PolicySummary"|"(?:Parents|TargetId)"\s*:/.test(text)
}

/**
 * The organization of answers of AWS Organizations: describe-organization, list-roots, list-policies and the others.
 * @throws CommandFailure if the answers contradict one another, or a policy that is attached has no text
 */
export function organizationOfAnswers(files: readonly GivenFile[]): Organizations | undefined {
  const reader = new ImageReader()
  let image: OrganizationImage | undefined
  try {
    for (const file of files) reader.read(file)
    image = reader.image().organization
  } catch (error) {
    if (error instanceof IntakeProblem) throw badConfiguration(error.message)
    throw error
  }
  return image && readOrganizations(treeOf(image))
}

/** The organization as a tree, in the form that `--organization` takes. */
function treeOf(image: OrganizationImage): unknown {
  const { id, rootId, managementAccount, accounts, units } = image
  const root = rootId ?? 'root'
  const isUnit = new Set(units.map((unit) => unit.id))
  const under = (parentId: string | undefined): string =>
    parentId !== undefined && isUnit.has(parentId) ? parentId : root
  const node = (target: string): Record<string, unknown> => ({
    ...policiesOf(image, target),
    accounts: accounts
      .filter((account) => under(account.parentId) === target)
      .map(({ account }) => ({ id: account, ...policiesOf(image, account) })),
    units: units
      .filter((unit) => under(unit.parentId) === target)
      .map((unit) => ({ id: unit.id, name: unit.name, ...node(unit.id) })),
  })
  return {
    ...(id === undefined ? {} : { id }),
    ...(rootId === undefined ? {} : { rootId }),
    managementAccount,
    ...node(root),
  }
}

function policiesOf(image: OrganizationImage, target: string): Record<string, unknown> {
  const ids = new Set(
    image.attachments.filter((each) => each.target === target).map(({ policyId }) => policyId),
  )
  const found: Record<string, unknown> = {}
  for (const [list, type] of Object.entries(types)) {
    if (image.enabledPolicyTypes?.includes(type) === false) continue
    const policies = image.policies.filter((policy) => policy.type === type && ids.has(policy.id))
    // Every target has a policy of an enabled type: if there is none, the answers do not say which.
    if (policies.length === 0) continue
    found[list] = policies.map(({ name, content, awsManaged, at }) => {
      const document = content ?? (awsManaged === true ? own[name] : undefined)
      if (document === undefined)
        throw badConfiguration(
          `${at.file}:${at.line}:${at.column}: the policy ${name} has no text: add the answer of describe-policy`,
        )
      return { name, document }
    })
  }
  return found
}
