import { accountOfArn, nameOfArn, personOf, type World, worldOfAccount } from '../world/world.ts'
import { boundaryArn, denyText, scpText } from './apply.ts'
import { boundaryText } from './boundary.ts'
import type { Documents } from './documents.ts'
import { accountOfEdit, added, type DocumentName, documentName, type Edit } from './edit.ts'
import { render } from './render.ts'
import { allowsNothing, outdatedVersion } from './versions.ts'

/** A call of AWS's API that carries an edit out, or a part of it. */
export interface EditCall {
  readonly service: 'iam' | 'organizations' | 'lambda'
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

/** A policy before and after the edits of a cut. */
export interface EditedText {
  readonly before: string | undefined
  readonly after: string | undefined
}

/** A trust policy that lets nobody in, because a document cannot be empty. */
const trustsNobody = JSON.stringify(
  {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
  },
  undefined,
  2,
)

/** The text that an edit changes, with all edits of the cut. */
export function textOf(edit: Edit, edits: readonly Edit[], world: World, documents: Documents): EditedText {
  switch (edit.kind) {
    case 'deny':
      return { before: undefined, after: denyText(edits, edit.principal) }
    case 'scp':
      return {
        before: undefined,
        after: scpText(edits.filter((each) => accountOfEdit(each) === edit.account)),
      }
    case 'boundary': {
      const person = personOf(world, edit.principal)
      return { before: undefined, after: person && boundaryText(ownWorld(world, person.arn), person) }
    }
    case 'detach':
    case 'leave-group':
    case 'leave-directory-group':
    case 'unlend':
      return { before: undefined, after: undefined }
    default: {
      const placed = documents.named(edit.document)
      if (placed === undefined) return { before: undefined, after: undefined }
      return { before: placed.document.policy.text, after: leftOf(edit.document, edits, documents) }
    }
  }
}

/** The document that the calls write; undefined if they delete it, or if Omen has no call for it. */
export function writtenText(document: DocumentName, left: string | undefined): string | undefined {
  switch (document.is) {
    case 'trust':
      return left ?? trustsNobody
    case 'managed':
      return left ?? allowsNothing
    case 'inline':
    case 'resource':
      return left
  }
}

/** Whether a statement is gone after the edits, and whether nothing of its document is left. */
export function goneWith(
  { document, statement }: Extract<Edit, { document: DocumentName }>,
  edits: readonly Edit[],
  documents: Documents,
): 'document' | 'statement' | undefined {
  const policy = documents.named(document)?.document.policy
  if (policy === undefined) return undefined
  const { text, origins } = render(policy, editsOf(document, edits))
  if (text === undefined) return 'document'
  return origins.includes(statement) ? undefined : 'statement'
}

/** The calls that carry an edit out together with the other edits of the cut that change the same text. */
export function callsOf(
  edit: Edit,
  edits: readonly Edit[],
  world: World,
  documents: Documents,
): readonly EditCall[] {
  const iam = (operation: string, input: EditCall['input']): EditCall => ({
    service: 'iam',
    operation,
    input,
  })
  switch (edit.kind) {
    case 'detach': {
      const { type, name } = ownerOf(edit.owner)
      return [iam(`Detach${type}Policy`, { [`${type}Name`]: name, PolicyArn: edit.policy })]
    }
    case 'leave-group':
      return [iam('RemoveUserFromGroup', { UserName: ownerOf(edit.user).name, GroupName: edit.group })]
    // the graph knows who is assigned what by names: their calls need ids
    case 'leave-directory-group':
    case 'unlend':
      return []
    case 'deny': {
      const { type, name } = ownerOf(edit.principal)
      const PolicyName = unusedName(world, edit.principal)
      return [
        iam(`Put${type}Policy`, {
          [`${type}Name`]: name,
          PolicyName,
          PolicyDocument: denyText(edits, edit.principal),
        }),
      ]
    }
    case 'boundary': {
      const person = personOf(world, edit.principal)
      if (person === undefined) return []
      const { type, name } = ownerOf(edit.principal)
      const own = ownWorld(world, person.arn)
      const arn = boundaryArn(own, person)
      return [
        iam('CreatePolicy', {
          PolicyName: nameOfArn(arn),
          PolicyDocument: boundaryText(own, person),
        }),
        iam(`Put${type}PermissionsBoundary`, { [`${type}Name`]: name, PermissionsBoundary: arn }),
      ]
    }
    case 'scp':
      return [
        {
          service: 'organizations',
          operation: 'CreatePolicy',
          input: {
            Name: added.scp,
            Description: `Ends paths in account ${edit.account ?? world.account}`,
            Type: 'SERVICE_CONTROL_POLICY',
            Content: scpText(edits.filter((each) => accountOfEdit(each) === edit.account)),
          },
        },
        {
          service: 'organizations',
          operation: 'AttachPolicy',
          input: { TargetId: edit.account ?? world.account, PolicyId: 'the id that CreatePolicy returns' },
        },
      ]
    default:
      if (edit.document.is === 'resource') return ofFunction(edit, edits, documents)
      return ofDocument(edit.document, leftOf(edit.document, edits, documents), world, iam)
  }
}

/**
 * The calls that take statements out of a function's policy. Other policies of resources are changed by services of which
 * Omen has none, and Lambda has no call that changes a part of a statement.
 */
function ofFunction(
  { document, statement }: Extract<Edit, { document: DocumentName }>,
  edits: readonly Edit[],
  documents: Documents,
): readonly EditCall[] {
  const policy = documents.named(document)?.document.policy
  if (document.is !== 'resource' || policy === undefined) return []
  if (!/^arn:[^:]*:lambda:[^:]*:\d{12}:function:[^:]+$/.test(document.arn)) return []
  const StatementId = policy.statements[statement]?.sid
  const isLeft = render(policy, editsOf(document, edits)).origins.includes(statement)
  if (StatementId === undefined || isLeft) return []
  return [
    { service: 'lambda', operation: 'RemovePermission', input: { FunctionName: document.arn, StatementId } },
  ]
}

function editsOf(document: DocumentName, edits: readonly Edit[]): readonly Edit[] {
  const name = documentName(document)
  return edits.filter((edit) => 'document' in edit && documentName(edit.document) === name)
}

function ofDocument(
  document: Exclude<DocumentName, { is: 'resource' }>,
  text: string | undefined,
  world: World,
  iam: (operation: string, input: EditCall['input']) => EditCall,
): readonly EditCall[] {
  switch (document.is) {
    case 'inline': {
      const { type, name } = ownerOf(document.owner)
      const named = { [`${type}Name`]: name, PolicyName: document.name }
      return text === undefined
        ? [iam(`Delete${type}Policy`, named)]
        : [iam(`Put${type}Policy`, { ...named, PolicyDocument: text })]
    }
    case 'trust':
      return [
        iam('UpdateAssumeRolePolicy', {
          RoleName: ownerOf(document.role).name,
          PolicyDocument: writtenText(document, text),
        }),
      ]
    case 'managed': {
      const policy = (worldOfAccount(world, accountOfArn(document.arn)) ?? world).policies.get(document.arn)
      const old = policy && outdatedVersion(policy)
      return [
        ...(old === undefined
          ? []
          : [iam('DeletePolicyVersion', { PolicyArn: document.arn, VersionId: old })]),
        iam('CreatePolicyVersion', {
          PolicyArn: document.arn,
          PolicyDocument: writtenText(document, text),
          SetAsDefault: 'true',
        }),
      ]
    }
  }
}

function leftOf(document: DocumentName, edits: readonly Edit[], documents: Documents): string | undefined {
  const placed = documents.named(document)
  return placed && render(placed.document.policy, editsOf(document, edits)).text
}

/** The name of the inline policy that denies: an earlier one stays. */
function unusedName(world: World, arn: string): string {
  const taken = new Set(personOf(world, arn)?.inline.map(({ source }) => source.name))
  let name: string = added.policy
  for (let number = 2; taken.has(name); number++) name = `${added.policy}-${number}`
  return name
}

/** The account of a principal in view. */
export function ownWorld(world: World, arn: string): World {
  return worldOfAccount(world, accountOfArn(arn)) ?? world
}

/** The type of owner that operations name, `User`, `Role` or `Group`, and its name. */
function ownerOf(arn: string): { readonly type: string; readonly name: string } {
  const kind = /^arn:[^:]*:iam::\d*:(\w)(\w*)\//.exec(arn)
  return {
    type: `${(kind?.[1] ?? '').toUpperCase()}${kind?.[2] ?? ''}`,
    name: nameOfArn(arn),
  }
}
