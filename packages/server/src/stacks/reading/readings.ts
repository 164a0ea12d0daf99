import type { AccessRequest } from '../../authorization/index.ts'
import type { ArnOwner } from '../../base/index.ts'
import { iamArn } from '../../base/index.ts'
import type { Image } from '../../intake/index.ts'
import {
  checkTaken,
  comingAndGoing,
  credentialRequests,
  filled,
  missingCapability,
  stackNameIn,
  withNamePatterns,
  withoutRetained,
} from './changes.ts'
import { bodyOf, type Form, parametersIn, withEvaluated } from './form.ts'
import type { HandedOn, HostQuestion, KnownHere, ReadingName, Readings, StackReading } from './messages.ts'
import { readWithNested } from './nested.ts'
import { withOriginalShown } from './original.ts'
import { otherQuestions, passedRoles, tagChanges } from './other-types.ts'
import { sentTemplates } from './own-templates.ts'
import type { StackPlace } from './place.ts'
import { readWanted } from './replaced.ts'
import { keyOf } from './resource-key.ts'
import { type TemplateSource, templateOf } from './source-of.ts'
import { stepsBetween } from './steps.ts'
import { type Tags, tagsIn } from './tags.ts'
import { type StackTemplate, UnreadableTemplate, writtenAnew } from './template.ts'
import { UpstreamStacks } from './upstream-stacks.ts'

/** Questions about permissions that one call may need. A stack has 500 resources. */
const requestsMost = 5_000

/** Asks the main thread. @throws an error if it cannot answer */
export type AskHost = (question: HostQuestion) => Promise<unknown>

type Reader<Name extends ReadingName> = (
  input: Readings[Name]['input'],
  ask: AskHost,
) => Promise<Readings[Name]['output']>

/**
 * The readings of templates, each with its work. @throws UnreadableTemplate or UnknownRole if the effect of a template is not
 * known @throws Fault if CloudFormation refuses the call
 */
export const readings: { readonly [Name in ReadingName]: Reader<Name> } = {
  async change({ place, reference, form: given, known }, ask) {
    const source = sourceOf(place, ask)
    const form: Form = new Map(given)
    const read = await templateOf(form, reference, source)
    if (read === undefined) throw new UnreadableTemplate('The template of the call cannot be read')
    const parameters = parametersIn(form)
    const roleArn = form.get('RoleARN')
    const change = { reference, ...read, parameters, roleArn, known, tags: tagsIn(form) }
    const { want, ...reading } = await changed(change, source)
    const { text = read.text } = reading
    const sent = withEvaluated(form, text, parameters.keys(), reading.parameters)
    return { ...reading, refused: missingCapability(want, form, true), text, body: bodyOf(sent) }
  },

  async execute({ place, ...change }, ask) {
    const { want: _, ...reading } = await changed(change, sourceOf(place, ask))
    return { ...reading, text: change.text }
  },

  async remove({ place, reference, retained, roleArn, known }, ask) {
    const change = { reference, text: undefined, parameters: new Map(), roleArn, known }
    const { want: _, ...reading } = await changed(change, sourceOf(place, ask), new Set(retained))
    return reading
  },

  async propose({ place, reference, form: given, bucket }, ask) {
    const source = sourceOf(place, ask)
    const form: Form = new Map(given)
    const read = await templateOf(form, reference, source)
    if (read === undefined) throw new UnreadableTemplate('The template of the call cannot be read')
    const parameters = parametersIn(form)
    const known = await knownStack(reference, source)
    const values = filled(parameters, known?.parameters)
    const tags = tagsIn(form)
    const stack = stackNameIn(reference)
    const facts = {
      stack,
      parameters: values,
      physicalIds: new Map(),
      tags: tags ?? known?.tags ?? new Map(),
    }
    const template = await readWithNested(read.text, facts, source, false)
    const sent = sentTemplates(template, read.original, bucket)
    const body = bodyOf(withEvaluated(form, sent.text, parameters.keys(), values))
    return { parameters: values, tags, refused: missingCapability(template, form, false), sent, body }
  },

  async adopt({ place, stack, parameters, tags, kept, text }, ask) {
    const owner = { id: place.account, partition: place.partition }
    const source = sourceOf(place, ask)
    const physicalIds = text === undefined ? undefined : await source.upstream.physicalIds(stack, place)
    const made =
      text === undefined || physicalIds === undefined
        ? undefined
        : await readWithNested(text, { stack, parameters, physicalIds, tags }, source, true)
    const steps = stepsBetween(kept && imageOf(kept), made?.image, owner)
    return { steps, image: made && plain(made.image) }
  },

  async shown({ answer }) {
    return withOriginalShown(answer)
  },
}

function sourceOf(place: StackPlace, ask: AskHost): TemplateSource {
  type Answer = { readonly status: number; readonly text: string }
  // the main thread answers each question as its type says
  const upstream = new UpstreamStacks(async (asked, at) => (await ask({ ask: asked, place: at })) as Answer)
  const object = async (url: string) => (await ask({ object: url, place })) as string | undefined // as above
  return { place, upstream, object }
}

/** @throws UnreadableTemplate if the upstream knows it by another name */
async function knownStack(reference: string, { upstream, place }: TemplateSource) {
  const stack = stackNameIn(reference)
  const known = await upstream.find(reference, place)
  if (known !== undefined && known.name !== stack)
    throw new UnreadableTemplate(`${reference} is not the stack ${stack}`)
  return known
}

/** A change of a stack to a template; without one, to nothing. */
interface Change {
  readonly reference: string
  readonly text: string | undefined
  /** The template as its caller wrote it; absent if it was sent before, with the templates that it nests. */
  readonly original?: string
  readonly parameters: ReadonlyMap<string, string | undefined>
  readonly roleArn?: string | undefined
  readonly known: KnownHere
  /** Undefined: the stack keeps those that it has. */
  readonly tags?: Tags | undefined
}

/** Returns the needs and the effects of a stack's change, from its present state. */
async function changed(
  { reference, text, original, parameters: given, roleArn, known: here, tags: tagged }: Change,
  source: TemplateSource,
  retained: ReadonlySet<string> = new Set(),
): Promise<StackReading & { readonly want: StackTemplate | undefined }> {
  const { place, upstream } = source
  const stack = stackNameIn(reference)
  const owner = { id: place.account, partition: place.partition }
  const known = await knownStack(reference, source)
  const exists = known !== undefined && !/^(?:REVIEW_IN_PROGRESS|DELETE_COMPLETE)$/.test(known.status)
  const oldText = exists ? await upstream.template(reference, place) : undefined
  const physicalIds = exists ? await upstream.physicalIds(reference, place) : new Map<string, string>()
  const have =
    known === undefined || oldText === undefined
      ? undefined
      : await readWithNested(
          writtenAnew(oldText),
          { stack, parameters: known.parameters, physicalIds, tags: known.tags },
          source,
          true,
        )
  const parameters = filled(given, known?.parameters)
  const tags = tagged ?? known?.tags ?? new Map()
  const facts = { stack, parameters, physicalIds, tags }
  const wanted = text === undefined ? undefined : await readWanted(text, facts, have, source)
  const want = wanted?.template
  const sent =
    want === undefined || original === undefined ? undefined : sentTemplates(want, original, here.bucket)
  checkTaken(want)
  const kept = have === undefined ? undefined : withoutRetained(have, retained)
  const steps = stepsBetween(kept?.image, want?.image, owner)
  const others = comingAndGoing(kept, want, wanted?.replaced ?? new Set())
  const created = otherQuestions(others.created, want?.resolved, 'create')
  const deleted = otherQuestions(others.deleted, have?.resolved, 'delete')
  const own = new Set(here.own)
  const asked = steps.filter((step) => !step.ifExisted || own.has(step.thing))
  return {
    want,
    stack,
    roleArn: roleArn ?? known?.roleArn ?? here.roleArn,
    parameters,
    tags,
    requests: once([
      ...withNamePatterns([...asked.flatMap((step) => step.requests), ...created.requests], want),
      ...credentialRequests(want, have, owner),
      ...deleted.requests,
      ...(have === undefined || want === undefined ? [] : retagged(have, want, wanted?.replaced)),
    ]),
    passed: want === undefined ? [] : passes(want, owner),
    unasked: [...new Set([...created.unasked, ...deleted.unasked])],
    deletedRoles: steps.flatMap(({ operation, input }) =>
      operation === 'DeleteRole' ? [String(input.RoleName)] : [],
    ),
    kept: kept?.image.accounts,
    text: sent?.text,
    objects: sent?.objects ?? new Map(),
  }
}

/** The questions about tags of what stays. */
function retagged(
  have: StackTemplate,
  want: StackTemplate,
  replaced: ReadonlySet<string> = new Set(),
): readonly AccessRequest[] {
  const before = new Map(have.resources.map((each) => [keyOf(each), each]))
  return want.resources.flatMap((now) => {
    const then = replaced.has(keyOf(now)) ? undefined : before.get(keyOf(now))
    return then === undefined ? [] : tagChanges([then, have.resolved], [now, want.resolved])
  })
}

/** Each question once. @throws UnreadableTemplate if there are too many */
function once(requests: readonly AccessRequest[]): readonly AccessRequest[] {
  const different = [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()]
  if (different.length <= requestsMost) return different
  throw new UnreadableTemplate(`The template needs more than ${requestsMost} permissions`)
}

function passes(want: StackTemplate, owner: ArnOwner): readonly HandedOn[] {
  const profiles = want.image.accounts.flatMap(({ instanceProfiles }) => instanceProfiles)
  const roleInProfile = (name: string) => {
    const role = profiles.find((profile) => profile.name === name)?.role
    return role == null ? undefined : iamArn(owner, 'role', '/', role)
  }
  return passedRoles(want.resources, want.resolved, owner, roleInProfile)
}

function imageOf(accounts: Image['accounts']): Image {
  return { accounts, notTaken: [], findings: [] }
}

/** An image without what only readers of files need. */
function plain({ accounts, notTaken, findings }: Image): Image {
  return { accounts, notTaken, findings }
}
