import { type EditedPolicy, editedPolicies } from '@omen-iam/policy'
import { techniqueTable } from '../../authorization/catalogue/index.ts'
import type { Call, Judged } from '../../authorization/index.ts'
import { iamArn } from '../../base/index.ts'
import { type Account, findRole, groups, policies, roles, users } from '../../directory/index.ts'
import { GraphThread, revisionOf } from '../../services/omen/index.ts'
import type { OpensView, WayView } from '../../views/index.ts'
import { viewEdit } from './edit-view.ts'
import { type AllowingEdits, editsThatAllow } from './ways-out.ts'

/** One for all servers of the process; its accounts are those as edits would make them. */
const thread = new GraphThread()

const limits = {
  /** Users and roles of an account in which edits are judged. */
  principals: 500,
  /** Edits of one decision that are judged; of others it is not known. */
  edits: 6,
  /** Steps of one search: about a second. */
  steps: 20_000,
} as const

/**
 * The ways with what their edits open (behaviour SHL-40). They are all ways out of these questions, or some of them.
 */
export async function withOpened(
  ways: readonly WayView[],
  questions: readonly Judged[],
  call: Call,
): Promise<readonly WayView[]> {
  const judged = ways.filter((way) => way.kind === 'widen' || way.kind === 'guardrail')
  if (judged.length === 0) return ways
  const all = editsThatAllow(questions)
  const views = all.map(({ edits }) => JSON.stringify(edits.map(viewEdit)))
  const shown = judged.flatMap((way) => all[views.indexOf(JSON.stringify(way.edits))] ?? [])
  if (shown.length !== judged.length) return ways
  const opens = await openedBy(shown, questions, call)
  return ways.map((way) => {
    const opened = way.kind === 'widen' || way.kind === 'guardrail' ? opens[judged.indexOf(way)] : undefined
    return opened === undefined ? way : { ...way, opens: opened }
  })
}

/**
 * The paths that each of the edits opens that would allow a call, in their order; absent if it opens nothing. The edits are made in
 * memory and undone at once, and a thread searches. An edit of an SCP, an RCP, a session policy or the policy of another
 * resource is not judged (behaviour SHL-40).
 */
async function openedBy(
  edits: readonly AllowingEdits[],
  questions: readonly Judged[],
  { caller, account, deps }: Call,
): Promise<readonly (OpensView | undefined)[]> {
  const none = edits.map(() => undefined)
  if (caller.kind !== 'user' && caller.kind !== 'role') return none
  const actions = techniqueTable().actions
  // what no technique needs leads nowhere
  if (!questions.some(({ request }) => Object.hasOwn(actions, request.action))) return none
  const principal = caller.kind === 'user' ? caller.user : caller.role
  const from = iamArn(account, caller.kind, principal.path, principal.name)
  const changes = edits.map((each) => changedBy(each, questions))
  if (changes.every((each) => each.length === 0)) return none
  const now = await deps.directory.find(account.id)
  if (now === undefined) return none
  const size = now.table(users).size + now.table(roles).size
  if (size > limits.principals) return changes.map((each) => (each.length === 0 ? undefined : 'unknown'))
  const ask = async (made: readonly Changed[]): Promise<string> => {
    let answer: Promise<{ readonly verdict: string }>
    try {
      for (const change of made) apply(change, now, { type: caller.kind, name: principal.name })
      // the thread is sent the account before this waits for anything
      answer = thread.answer([now], deps, {
        operation: 'ListPaths',
        input: { from, maxResults: 1, maxSteps: limits.steps },
        revision: revisionOf(now, deps),
        trail: undefined,
      })
    } finally {
      deps.directory.rollBack()
    }
    // the account as it would be is nobody's
    thread.forget([now])
    return (await answer.catch(() => ({ verdict: 'undecided' }))).verdict
  }
  const before = rankOf(await ask([]))
  const opens: (OpensView | undefined)[] = []
  for (const [index, made] of changes.entries()) {
    if (made.length === 0 || before === rankOf('proven')) opens.push(undefined)
    else if (index >= limits.edits) opens.push('unknown')
    else {
      const after = rankOf(await ask(made))
      opens.push(after <= before ? undefined : after >= rankOf('conditional') ? 'administrator' : 'unknown')
    }
  }
  return opens
}

/** Verdicts by how much they allow. */
function rankOf(verdict: string): number {
  return ['undecided', 'conditional', 'proven'].indexOf(verdict)
}

/** A document as an edit would make it. */
interface Changed {
  readonly kind: 'inline' | 'managed' | 'trust' | 'new'
  /** The name or ARN of what has it. */
  readonly owner: string
  readonly type?: string
  readonly name?: string
  /** Undefined: it is removed. */
  readonly text: string | undefined
}

function changedBy({ edits }: AllowingEdits, questions: readonly Judged[]): readonly Changed[] {
  const changed = new Map<string, Changed>()
  for (const { policies: set, request } of questions)
    for (const each of editedPolicies(set, edits) ?? []) {
      const change = changeOf(each, request.resource)
      if (change !== undefined)
        changed.set([change.kind, change.type, change.owner, change.name].join(' '), change)
    }
  return [...changed.values()]
}

function changeOf({ layer, before, after }: EditedPolicy, resource: string): Changed | undefined {
  const one = before ?? after
  if (one === undefined) return undefined
  const { source, policy } = one
  const text = after?.policy.text
  if (layer === 'resource')
    return policy.kind === 'trust' ? { kind: 'trust', owner: resource, text } : undefined
  if (layer !== 'identity' && layer !== 'boundary') return undefined
  if (source.inline !== undefined)
    return { kind: 'inline', type: source.type, owner: source.inline.owner, name: source.inline.name, text }
  if (source.arn !== undefined) return { kind: 'managed', owner: source.arn, text }
  return layer === 'identity' && before === undefined ? { kind: 'new', owner: '', text } : undefined
}

/** Makes a change in memory. */
function apply(
  { kind, type, owner, name = 'omen', text }: Changed,
  account: Account,
  caller: { readonly type: 'user' | 'role'; readonly name: string },
): void {
  if (kind === 'trust') {
    const role = findRole(account, owner)
    if (role !== undefined && text !== undefined) account.table(roles).put({ ...role, trust: text })
    return
  }
  if (kind === 'managed') {
    const policy = account.table(policies).findBy('name', owner.slice(owner.lastIndexOf('/') + 1))
    if (policy === undefined || text === undefined) return
    const versions = policy.versions.map((each) =>
      each.id === policy.defaultVersion ? { ...each, document: text } : each,
    )
    account.table(policies).put({ ...policy, versions })
    return
  }
  const of = kind === 'new' ? caller : { type, name: owner }
  const inlineOf = (record: { readonly inline: Readonly<Record<string, string>> }) => {
    const { [name]: _, ...others } = record.inline
    return text === undefined ? others : { ...others, [name]: text }
  }
  if (of.type === 'user') {
    const user = account.table(users).findBy('name', of.name)
    if (user !== undefined) account.table(users).put({ ...user, inline: inlineOf(user) })
  } else if (of.type === 'role') {
    const role = account.table(roles).findBy('name', of.name)
    if (role !== undefined) account.table(roles).put({ ...role, inline: inlineOf(role) })
  } else {
    const group = account.table(groups).findBy('name', of.name)
    if (group !== undefined) account.table(groups).put({ ...group, inline: inlineOf(group) })
  }
}
