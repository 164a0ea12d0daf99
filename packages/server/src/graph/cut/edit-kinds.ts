import { shortArn } from '../label.ts'
import { editWords } from '../sentences.ts'
import { accountOfArn, currentOf, nameOfArn, principalOf, worldOfAccount } from '../world/world.ts'
import { added, boundaryArn, boundaryText, denyText, scpText } from './added.ts'
import { iam, ownerIn, worldOfArn } from './calls.ts'
import type { Documents } from './documents.ts'
import { type Edit, type EditKind, type EditOf, editsOf } from './edit.ts'
import type { EditContext, EditRow } from './edit-row.ts'
import { render } from './render.ts'
import { ofStatement } from './statement-edits.ts'
import { lostOf } from './taken-away.ts'
import { documentsOf } from './versions.ts'

/** Edits of the same cost are preferred in this order: what takes away least comes first. */
const rows: { readonly [Kind in EditKind]: EditRow<Kind> } = {
  condition: ofStatement({
    less: ({ service, services }) => ({ passing: { service, services } }),
    value: (_, { action }) => action.values.find(({ value }) => value.toLowerCase() === 'iam:passrole'),
    words: ({ services }, words, at, alike) => {
      const away = alike.map(({ service }) => service)
      const left = services.filter((service) => !away.includes(service))
      if (left.length === 0) return words.removeActions('iam:PassRole', at)
      return words.passOnlyTo(JSON.stringify(left.length === 1 ? left[0] : left), at)
    },
  }),
  narrow: ofStatement({
    less: (edit) => ({ naming: edit }),
    value: ({ values }, { resource }) => resource?.values.find(({ value }) => values.includes(value)),
    words: ({ values, roles }, words, at, alike) => {
      const away = alike.map(({ role }) => role)
      const left = roles.filter((role) => !away.includes(role)).map(shortArn)
      if (left.length === 0) return words.removeResources(listed(values), at)
      const named = left.length <= 3 ? listed(left) : words.otherRoles(left.length)
      return words.nameRoles(named, listed(values), at, listed(away.map(shortArn)))
    },
  }),
  'remove-resource': ofStatement({
    less: ({ values }) => ({ resources: values }),
    value: ({ values }, { resource }) => resource?.values.find(({ value }) => values.includes(value)),
    words: ({ values }, words, at) => words.removeResources(listed(values), at),
  }),
  'remove-action': ofStatement({
    less: ({ values }) => ({ actions: values }),
    value: ({ values }, { action }) => action.values.find(({ value }) => values.includes(value)),
    words: ({ values }, words, at) => words.removeActions(listed(values), at),
    isLate: ({ values }) => values.includes('*'),
  }),
  boundary: {
    subject: ({ principal }) => principal,
    adds: 'boundary',
    after: ({ principal: owner }, { world }) => {
      const principal = principalOf(world, owner)
      return principal && boundaryText(worldOfArn(world, owner), principal)
    },
    place: ({ principal: owner }) => ({
      policy: `boundary of ${shortArn(owner)}`,
      layer: 'boundary',
      owner,
    }),
    sentence: ({ principal }, language) => editWords[language].boundary(shortArn(principal)),
    calls: ({ principal: owner }, { world }) => {
      const principal = principalOf(world, owner)
      if (principal === undefined) return []
      const own = worldOfArn(world, owner)
      const arn = boundaryArn(own, principal)
      const { type, named } = ownerIn(owner)
      return [
        iam('CreatePolicy', { PolicyName: nameOfArn(arn), PolicyDocument: boundaryText(own, principal) }),
        iam(`Put${type}PermissionsBoundary`, { ...named, PermissionsBoundary: arn }),
      ]
    },
    takesAway: () => [],
  },
  trust: ofPrincipals(),
  'resource-policy': ofPrincipals(),
  deny: {
    subject: ({ principal }) => principal,
    adds: 'inline',
    after: ({ principal }, { edits }) => denyText(edits, principal),
    place: ({ principal: owner }) => ({
      policy: `a policy of ${shortArn(owner)}`,
      layer: 'identity',
      owner,
    }),
    sentence: ({ action, resource, principal }, language) =>
      editWords[language].deny(action, shortArn(resource), shortArn(principal)),
    calls: ({ principal }, { world, edits }) => {
      const { type, named } = ownerIn(principal)
      const taken = new Set(principalOf(world, principal)?.inline.map(({ source }) => source.name))
      let PolicyName: string = added.policy
      for (let number = 2; taken.has(PolicyName); number++) PolicyName = `${added.policy}-${number}`
      return [iam(`Put${type}Policy`, { ...named, PolicyName, PolicyDocument: denyText(edits, principal) })]
    },
    takesAway: ({ principal, action, resource }) => [{ principal, action, resource }],
  },
  'leave-group': {
    ranksAfter: afterActions,
    subject: ({ user }) => user,
    entry: ({ user, group }) => ({ list: 'groups', owner: user, value: group }),
    place: ({ user, group }) => ({ policy: `group/${group}`, layer: 'identity', owner: user }),
    sentence: ({ user, group }, language) => editWords[language].leaveGroup(shortArn(user), group),
    calls: ({ user, group }) => [iam('RemoveUserFromGroup', { UserName: nameOfArn(user), GroupName: group })],
    takesAway: ({ user, group: name }, { world }) => {
      const own = worldOfArn(world, user)
      const group = own.groups.get(name)
      if (group === undefined) return []
      return documentsOf(own, group).flatMap(({ policy, source }) =>
        lostOf(policy, undefined, user, source.arn ?? group.arn),
      )
    },
  },
  'leave-directory-group': {
    subject: ({ user }) => user,
    account: ({ account }) => account,
    entry: ({ user, group }) => ({ list: 'loan groups', owner: user, value: group }),
    place: ({ user, group }) => ({ policy: `center/group/${group}`, owner: user }),
    sentence: ({ user, group }, language) =>
      editWords[language].leaveDirectoryGroup(user.slice('center/'.length), group),
    // the graph knows who is assigned what by names: its calls need ids
    calls: () => [],
    takesAway: ({ user, group, account }, { world }) => {
      const { lent } = (worldOfAccount(world, account) ?? world).inventory
      const roles = lent?.find(({ to }) => to === `center/group/${group}`)?.roles ?? []
      return roles.map((resource) => ({ principal: user, action: 'sts:AssumeRole', resource }))
    },
  },
  unlend: {
    subject: ({ holder }) => holder,
    account: ({ account }) => account,
    isLate: ({ holder }) => holder.startsWith('center/group/'),
    entry: ({ holder, role }) => ({ list: 'loan', owner: holder, value: role }),
    place: ({ holder, role }) => ({ policy: shortArn(role), arn: role, owner: holder }),
    sentence: ({ holder, role }, language) => {
      const [kind = '', ...rest] = holder.split('/')
      return editWords[language].unlend(kind, rest.join('/'), shortArn(role), setIn(role))
    },
    // as above
    calls: () => [],
    takesAway: ({ holder, role }) => [{ principal: holder, action: 'sts:AssumeRole', resource: role }],
  },
  detach: {
    ranksAfter: afterActions,
    isLate: isPlain,
    subject: ({ owner }) => owner,
    entry: ({ owner, policy }) => ({ list: 'attached', owner, value: policy }),
    place: ({ owner, policy }) => ({ policy: shortArn(policy), layer: 'identity', arn: policy, owner }),
    sentence: ({ owner, policy }, language) => {
      const words = editWords[language]
      const sentence = words.detach(shortArn(policy), shortArn(owner))
      return accountOfArn(policy) === 'aws' ? words.narrower(sentence) : sentence
    },
    calls: ({ owner, policy }) => {
      const { type, named } = ownerIn(owner)
      return [iam(`Detach${type}Policy`, { ...named, PolicyArn: policy })]
    },
    takesAway: ({ owner, policy: arn }, { world }) => {
      const document = currentOf(worldOfArn(world, owner).policies.get(arn))
      return document === undefined ? [] : lostOf(document.policy, undefined, owner, arn)
    },
  },
  'remove-statement': ofStatement({
    less: () => ({ isWhole: true }),
    value: (_, { action }) => action.values[0],
    words: (_, words, at) => words.removeStatement(at),
  }),
  scp: {
    account: ({ account }) => account,
    adds: 'scp',
    after: ({ account }, { edits }) => scpText(edits, account),
    place: ({ account }, { world }) => ({ policy: `SCP of ${account ?? world.account}`, layer: 'scp' }),
    sentence: ({ action, resource }, language) => editWords[language].denyByScp(action, shortArn(resource)),
    calls: ({ account }, { world, edits }) => {
      const TargetId = account ?? world.account
      const policy = {
        Name: added.scp,
        Description: `Ends paths in account ${TargetId}`,
        Type: 'SERVICE_CONTROL_POLICY',
        Content: scpText(edits, account),
      }
      return [
        { service: 'organizations', operation: 'CreatePolicy', input: policy },
        {
          service: 'organizations',
          operation: 'AttachPolicy',
          input: { TargetId, PolicyId: 'the id that CreatePolicy returns' },
        },
      ]
    },
    takesAway: ({ action, resource, account }, { world }) => [
      { principal: `every principal of ${account ?? world.account}`, action, resource },
    ],
  },
}

/** The row of edits that take principals out of a policy. */
function ofPrincipals<Kind extends 'trust' | 'resource-policy'>(): EditRow<Kind> {
  return ofStatement<'trust' | 'resource-policy'>({
    less: ({ values }) => ({ principals: values }),
    value: ({ values }, { principal }) =>
      principal?.entries.find((entry) => values.some(({ value }) => value === entry.value)),
    words: ({ values }, words, at) => words.removePrincipals(listed(values.map(({ value }) => value)), at),
    // An account or a service in a policy is many principals: a Deny takes less.
    ranksAfter: ({ values }) =>
      values.some(({ type, value }) => type !== 'AWS' || !/:(?:user|role|assumed-role)\//.test(value))
        ? 'deny'
        : undefined,
  })
}

function listed(values: readonly string[]): string {
  return values.join(', ')
}

/** The permission set that a role is of, by its name, and the account that has the role. */
function setIn(role: string) {
  const set = /^AWSReservedSSO_(.+)_(?:[0-9a-f]{16}|\*)$/.exec(nameOfArn(role))?.[1]
  return { set: set ?? shortArn(role), account: accountOfArn(role), isSet: set !== undefined }
}

/** The row of the kind of an edit. */
export function rowOf<Kind extends EditKind>(edit: EditOf<Kind>): EditRow<Kind> {
  return rows[edit.kind]
}

const order = Object.keys(rows)

function afterActions(edit: Edit): EditKind | undefined {
  return isPlain(edit) ? 'remove-action' : undefined
}

/** Whether an edit comes before boundaries: it takes a policy of AWS away that lets a principal be given more. [GRD-771] */
export function isPlain(edit: Edit): boolean {
  return 'isPlain' in edit && edit.isPlain === true
}

/** The place of an edit among those of the same cost. */
export function rankOf(edit: Edit): number {
  const row = rowOf(edit)
  const after = row.ranksAfter?.(edit)
  const rank = after === undefined ? 10 * order.indexOf(edit.kind) : 10 * order.indexOf(after) + 5
  return rank + (row.isLate?.(edit) === true ? 1 : 0)
}

/** The account that an edit changes; undefined if it is the only one in view. */
export function accountOfEdit(edit: Edit): string | undefined {
  const { account, subject } = rowOf(edit)
  return account === undefined ? accountOfArn(subject?.(edit) ?? '') : account(edit)
}

/** The ARN of what an edit changes: a user, role, group, policy or resource; undefined if it is the account. */
export function subjectOfEdit(edit: Edit): string | undefined {
  return rowOf(edit).subject?.(edit)
}

/** Edits that are made together. */
export function contextOf(
  world: EditContext['world'],
  documents: Documents,
  edits: readonly Edit[],
): EditContext {
  return {
    world,
    documents,
    edits,
    rendered: (document) =>
      render(
        documents.named(document).policy,
        editsOf(document, edits).map((edit) => ({ statement: edit.statement, ...rowOf(edit).less?.(edit) })),
      ),
  }
}
