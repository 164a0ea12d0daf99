import type { Asked } from '@omen-iam/policy'
import type { Shared } from '../relevance/shared.ts'
import { callerKeys, callerOf } from '../request/form.ts'
import { keysOfTags } from '../request/keys-of-tags.ts'
import type { Binding } from '../request/request-keys.ts'
import type { Actor } from '../request/trust-question.ts'
import { isWritableTag } from '../world/tag-pairs.ts'
import type { Thing } from '../world/world.ts'
import { companionsOf } from './companion-tags.ts'
import { otherTag, tagValue } from './tag-value.ts'

/** The action that writes tags on an existing resource, by the service of its ARN. */
const taggers: Readonly<Record<string, string | undefined>> = {
  apprunner: 'apprunner:TagResource',
  batch: 'batch:TagResource',
  'bedrock-agentcore': 'bedrock-agentcore:TagResource',
  codedeploy: 'codedeploy:TagResource',
  codepipeline: 'codepipeline:TagResource',
  dynamodb: 'dynamodb:TagResource',
  ec2: 'ec2:CreateTags',
  ecs: 'ecs:TagResource',
  elasticmapreduce: 'elasticmapreduce:AddTags',
  glue: 'glue:TagResource',
  kinesis: 'kinesis:AddTagsToStream',
  lambda: 'lambda:TagResource',
  sagemaker: 'sagemaker:AddTags',
  sqs: 'sqs:TagQueue',
  ssm: 'ssm:AddTagsToResource',
  states: 'states:TagResource',
}

/** The action that takes tags from an existing resource, by the service of its ARN. */
const untaggers: Readonly<Record<string, string | undefined>> = {
  apprunner: 'apprunner:UntagResource',
  batch: 'batch:UntagResource',
  'bedrock-agentcore': 'bedrock-agentcore:UntagResource',
  codedeploy: 'codedeploy:UntagResource',
  codepipeline: 'codepipeline:UntagResource',
  dynamodb: 'dynamodb:UntagResource',
  ec2: 'ec2:DeleteTags',
  ecs: 'ecs:UntagResource',
  elasticmapreduce: 'elasticmapreduce:RemoveTags',
  glue: 'glue:UntagResource',
  kinesis: 'kinesis:RemoveTagsFromStream',
  lambda: 'lambda:UntagResource',
  sagemaker: 'sagemaker:DeleteTags',
  sqs: 'sqs:UntagQueue',
  ssm: 'ssm:RemoveTagsFromResource',
  states: 'states:UntagResource',
}

/**
 * The same binding with a tag that the attacker writes on one of its existing resources, and the request that writes
 * it: for each tag that a condition names. Nothing for resources whose tags are unknown.
 */
export function* taggedBindings(shared: Shared, actor: Actor, binding: Binding): Generator<Binding> {
  const { wearer, things } = binding
  const replaced = (thing: Thing, tagged: Thing): Partial<Binding> =>
    thing === wearer
      ? { wearer: tagged }
      : { things: new Map([...(things ?? [])].map(([type, each]) => [type, each === thing ? tagged : each])) }
  for (const thing of [...(wearer === undefined ? [] : [wearer]), ...(things?.values() ?? [])]) {
    for (const { tagged, more: untagging } of untaggedOf(shared, actor, thing)) {
      const { more, moreKey: _, ...rest } = binding
      yield { ...rest, ...replaced(thing, tagged), more: (mfa) => [...(more?.(mfa) ?? []), untagging(mfa)] }
    }
    const action = taggers[thing.arn.split(':')[2] ?? '']
    if (action === undefined || thing.tags === undefined) continue
    if (!shared.allows(actor, action, thing.arn)) continue
    for (const [key, pattern] of shared.classes.tags.resource) {
      if (!isWritableTag(key)) continue
      const named = tagValue(shared, actor, pattern)
      if (named === undefined) continue
      const value = thing.tags[key] === named ? otherTag : named
      const { more, moreKey: _, ...rest } = binding
      for (const also of companionsOf(shared, actor, action, key)) {
        const written = { ...also, [key]: value }
        const tagged = { ...thing, tags: { ...thing.tags, ...written } }
        yield {
          ...rest,
          ...replaced(thing, tagged),
          more: (mfa) => [...(more?.(mfa) ?? []), tagging(shared, actor, action, thing, written, mfa)],
        }
      }
    }
  }
  yield* taggedPolicy(shared, actor, binding)
}

/** A resource without one of its tags that policies read, and the request that takes it away. [GRD-435] */
function* untaggedOf(
  shared: Shared,
  actor: Actor,
  thing: Thing,
): Generator<{ readonly tagged: Thing; readonly more: (mfa: boolean) => Asked }> {
  const action = untaggers[thing.arn.split(':')[2] ?? '']
  if (action === undefined || thing.tags === undefined || !shared.allows(actor, action, thing.arn)) return
  const read = new Set([...shared.classes.tags.resourceKeys].map((key) => key.toLowerCase()))
  for (const key of Object.keys(thing.tags)) {
    if (!isWritableTag(key) || !read.has(key.toLowerCase())) continue
    const { [key]: _, ...tags } = thing.tags
    yield {
      tagged: { ...thing, tags },
      more: (mfa) => tagging(shared, actor, action, thing, {}, mfa, [key]),
    }
  }
}

/** The same for a managed policy. Nobody knows its other tags. */
function* taggedPolicy(shared: Shared, actor: Actor, binding: Binding): Generator<Binding> {
  const { policy } = binding
  const action = 'iam:TagPolicy'
  if (policy === undefined || !policy.isCustomerManaged) return
  if (!shared.allows(actor, action, policy.arn)) return
  for (const [key, pattern] of shared.classes.tags.resource) {
    if (!isWritableTag(key)) continue
    const named = tagValue(shared, actor, pattern)
    if (named === undefined) continue
    const { more, moreKey: _, ...rest } = binding
    for (const value of [named, otherTag])
      for (const also of companionsOf(shared, actor, action, key)) {
        const written = { ...also, [key]: value }
        yield {
          ...rest,
          context: { ...rest.context, ...keysOfTags('aws:ResourceTag', written) },
          more: (mfa) => [...(more?.(mfa) ?? []), tagging(shared, actor, action, policy, written, mfa)],
        }
      }
  }
}

function tagging(
  { world, questions }: Shared,
  actor: Actor,
  action: string,
  { arn, tags }: { readonly arn: string; readonly tags?: Thing['tags'] },
  written: Readonly<Record<string, string>>,
  mfa: boolean,
  tagKeys: readonly string[] = Object.keys(written),
): Asked {
  const principal = callerOf(actor.variant)
  const keys = callerKeys(world, actor.variant, principal, actor.form, mfa)
  return {
    request: {
      principal,
      action,
      resource: arn,
      resourceAccount: world.account,
      context: {
        ...keys.context,
        ...keysOfTags('aws:ResourceTag', tags),
        'aws:ResourceAccount': world.account,
        'aws:RequestedRegion': arn.split(':')[3] || 'us-east-1',
        ...keysOfTags('aws:RequestTag', written),
        'aws:TagKeys': tagKeys,
      },
      chosen: keys.chosen,
      open: { ...keys.open, ...(tags === undefined ? { 'aws:ResourceTag/*': { mayBeAbsent: true } } : {}) },
      absent: ['*'],
    },
    policies: questions.withRcps(action, actor.variant.policies),
    call: action,
  }
}
