import { after } from 'node:test'
import type {
  EvaluationResult,
  IAM,
  ResourceSpecificResult,
  SimulateCustomPolicyCommandInput,
  SimulatePolicyResponse,
  Statement,
} from '@aws-sdk/client-iam'
import { CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import { openServer } from '../wire/iam/house.ts'
import { type Row, replay } from './rows.ts'

/** A statement: its policy, the kind of policy, and the line and column of start and end. */
type Matched = readonly [string, string, number, number, number, number]

interface OfResource {
  readonly resource: string
  readonly decision: string
  readonly matched?: readonly Matched[]
  readonly missing?: readonly string[]
  readonly boundary?: boolean
  readonly details?: Readonly<Record<string, string>>
}

interface OfAction extends OfResource {
  readonly action: string
  readonly organizations?: boolean
  readonly resources?: readonly OfResource[]
}

/** An answer of the simulator. The rows share one account, in their order, and prove GRD-304 too. */
interface SimulatorRow extends Row {
  /** SimulateCustomPolicy if absent. */
  readonly operation?: 'SimulatePrincipalPolicy' | 'GetContextKeysForPrincipalPolicy'
  /** What happens before it. */
  readonly first?: readonly { readonly operation: string; readonly input: object }[]
  /** The input; its marker is that of the page which `behind` asks for. */
  readonly input: Partial<SimulateCustomPolicyCommandInput>
  readonly behind?: Partial<SimulateCustomPolicyCommandInput>
  readonly code: string
  readonly message?: string
  readonly results?: readonly OfAction[]
  readonly isTruncated?: boolean
}

const { omen, iam, close } = await openServer()
after(close)
const organizations = new OrganizationsClient(omen.clientConfig('admin'))
await organizations.send(new CreateOrganizationCommand({}))
organizations.destroy()

replay<SimulatorRow>('simulator.jsonl', async (row) => {
  for (const { operation, input } of row.first ?? []) await call(operation, input)
  try {
    const answer = await call(row.operation ?? 'SimulateCustomPolicy', await inputOf(row))
    if (row.code !== 'Success') return `it succeeds instead of ${row.code} ${row.message ?? ''}`
    return differenceOf(row, answer)
  } catch (error) {
    const { Error: fault, message } = error as { Error?: { Code?: string }; message: string }
    if (fault?.Code === row.code && (row.message ?? message) === message) return undefined
    return `${fault?.Code} ${JSON.stringify(message)} instead of ${row.code} ${JSON.stringify(row.message ?? '')}`
  }
})

type Call = (input: object) => Promise<SimulatePolicyResponse>

function call(operation: string, input: object): Promise<SimulatePolicyResponse> {
  const method = `${operation.charAt(0).toLowerCase()}${operation.slice(1)}`
  return (iam[method as keyof IAM] as Call).call(iam, input)
}

async function inputOf({ input, behind }: SimulatorRow): Promise<object> {
  if (behind === undefined) return input
  const { Marker } = await call('SimulateCustomPolicy', { ...input, ...behind })
  return { ...input, Marker }
}

function differenceOf({ results, isTruncated }: SimulatorRow, answer: SimulatePolicyResponse) {
  if (results === undefined) return undefined
  const wanted = results.map(ordered)
  const found = (answer.EvaluationResults ?? []).map(ofAction).map(ordered)
  const at = wanted.findIndex((each, index) => each !== found[index])
  if (at !== -1) return `${found[at]}\n    instead of ${wanted[at]}`
  if (found.length !== wanted.length) return `${found.length} results instead of ${wanted.length}`
  return (isTruncated ?? false) === answer.IsTruncated ? undefined : `IsTruncated is ${answer.IsTruncated}`
}

function ofAction(result: EvaluationResult): OfAction {
  const { OrganizationsDecisionDetail: organizations, ResourceSpecificResults: resources } = result
  return {
    action: result.EvalActionName ?? '',
    ...common(result),
    resource: result.EvalResourceName ?? '',
    decision: result.EvalDecision ?? '',
    ...(organizations && { organizations: organizations.AllowedByOrganizations ?? false }),
    ...(resources && { resources: resources.map(ofResource) }),
  }
}

function ofResource(result: ResourceSpecificResult): OfResource {
  return {
    ...common(result),
    resource: result.EvalResourceName ?? '',
    decision: result.EvalResourceDecision ?? '',
  }
}

function common({
  MatchedStatements: matched,
  MissingContextValues: missing,
  PermissionsBoundaryDecisionDetail: boundary,
  EvalDecisionDetails: details,
}: EvaluationResult | ResourceSpecificResult) {
  return {
    ...(matched && { matched: matched.map(ofStatement) }),
    ...(missing && { missing }),
    ...(boundary && { boundary: boundary.AllowedByPermissionsBoundary ?? false }),
    ...(details && { details }),
  }
}

function ofStatement({ SourcePolicyId: id = '', SourcePolicyType: type, ...rest }: Statement): Matched {
  const { Line: line = 0, Column: column = 0 } = rest.StartPosition ?? {}
  const { Line: endLine = 0, Column: endColumn = 0 } = rest.EndPosition ?? {}
  return [id, type ?? '', line, column, endLine, endColumn]
}

/**
 * A result as text. The order of policies and keys is left open, because AWS's is that of a hash table; the statements of one policy
 * keep theirs.
 */
function ordered(result: OfAction | OfResource): string {
  const { matched, missing, details } = result
  const resources = 'resources' in result ? result.resources?.map(ordered) : undefined
  const members = {
    ...result,
    ...(matched && { matched: matched.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) }),
    ...(missing && { missing: missing.toSorted() }),
    ...(details && { details: sorted(details) }),
    ...(resources && { resources }),
  }
  return JSON.stringify(sorted(members))
}

function sorted(members: object): object {
  return Object.fromEntries(Object.entries(members).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
