import type { Technique } from '../authorization/catalogue/index.ts'
import type { OwnUse } from './assume.ts'
import { administratorAccess, type Use } from './binding.ts'
import type { Form } from './form.ts'
import type { Wardrobe } from './person.ts'
import type { Prover } from './prove.ts'
import type { Binding } from './request-keys.ts'
import type { Actor } from './trust-question.ts'
import type { Document, Person, Role, World } from './world.ts'

/** What a new principal is given. */
interface Gift {
  readonly name: string
  readonly inline: readonly Document[]
  readonly attached: readonly string[]
  readonly groups: readonly string[]
  readonly technique: Technique
  readonly binding: Binding
}

/** New users and new roles that an actor can make, each with what it can be given. */
export function makings(
  world: World,
  technique: Technique,
  actor: Actor,
  wardrobe: Wardrobe,
  prover: Prover,
): readonly OwnUse[] {
  const type = technique.effect === 'makesUser' ? 'user' : 'role'
  const boundaries = [undefined, ...[...world.policies.values()].map(({ arn }) => arn)]
  return giftsOf(world, technique, wardrobe).flatMap((gift) =>
    boundaries.map((boundary) => making(world, type, actor, gift, boundary, prover)),
  )
}

function making(
  world: World,
  type: 'user' | 'role',
  actor: Actor,
  gift: Gift,
  boundary: string | undefined,
  prover: Prover,
): OwnUse {
  const name = `new-${type}${gift.name}${boundary === undefined ? '' : `-in-${nameOf(boundary)}`}`
  const person = newPerson(world, type, name, gift, boundary)
  const form: Form = type === 'user' ? 'key' : 'assumed'
  const binding: Binding = {
    ...gift.binding,
    context: { ...gift.binding.context, 'iam:PermissionsBoundary': boundary },
    ...(person.type === 'role'
      ? {
          more: (mfa: boolean) => [
            prover.questions.assume(actor, person, 'sts:AssumeRole', {
              mfa,
              own: true,
              more: 'nothing',
              isNew: true,
            }),
          ],
        }
      : {}),
  }
  const use: Use = { binding, outcome: { is: 'held', person, form }, to: person.arn }
  return { technique: gift.technique, use, prove: () => prover.prove(actor, gift.technique, binding) }
}

/** Everything by a policy that is written or by AdministratorAccess; else a policy or a group that exists. */
function giftsOf(world: World, technique: Technique, wardrobe: Wardrobe): readonly Gift[] {
  const best = administratorAccess(world)
  const ways = (test: (actions: readonly string[]) => boolean): Technique => ({
    ...technique,
    ways: technique.ways.filter(({ needs }) => test(needs.map(({ action }) => action))),
  })
  const attaching = ways((actions) =>
    actions.some((action) => /^iam:Attach(?:User|Role)Policy$/.test(action)),
  )
  const writing = ways((actions) => actions.some((action) => /^iam:Put(?:User|Role)Policy$/.test(action)))
  const joining = ways((actions) => actions.includes('iam:AddUserToGroup'))
  const plain = { inline: [], attached: [], groups: [] }
  const everything = { ...plain, inline: [wardrobe.everything] }
  const gifts: Gift[] = [
    { ...everything, name: '', technique: writing, binding: {} },
    { ...everything, name: '', technique: attaching, binding: { context: { 'iam:PolicyARN': best } } },
  ]
  for (const { arn } of world.policies.values()) {
    if (arn === best || arn.includes(':policy/aws-service-role/')) continue
    gifts.push({
      ...plain,
      name: `-with-${nameOf(arn)}`,
      attached: [arn],
      technique: attaching,
      binding: { context: { 'iam:PolicyARN': arn } },
    })
  }
  for (const group of joining.ways.length === 0 ? [] : world.groups.values())
    gifts.push({
      ...plain,
      name: `-in-group-${group.name}`,
      groups: [group.name],
      technique: joining,
      binding: { group },
    })
  return gifts.filter((gift) => gift.technique.ways.length > 0)
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

function newPerson(
  world: World,
  type: 'user' | 'role',
  name: string,
  { inline, attached, groups }: Gift,
  boundary: string | undefined,
): Person {
  const worn = {
    arn: `arn:${world.partition}:iam::${world.account}:${type}/${name}`,
    name,
    id: undefined,
    account: world.account,
    tags: {},
    inline,
    attached,
    boundary,
  }
  if (type === 'user') return { ...worn, type, groups }
  const role: Role = {
    ...worn,
    type: 'role',
    trust: undefined,
    profiles: [],
    isServiceLinked: false,
    isIdentityCenter: false,
  }
  return role
}
