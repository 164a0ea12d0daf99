import type { Policy } from '@omen-iam/policy'
import { placeText, titleOf } from '../describe.ts'
import { type EditWords, editWords, titleIn } from '../sentences.ts'
import { accountsIn, type PolicyPlace, placeIn, type World } from '../world/world.ts'
import { documentCalls } from './calls.ts'
import {
  accountOfDocument,
  type DocumentName,
  type Edit,
  type EditOf,
  editsOf,
  type OfStatement,
  ownerOfDocument,
  type StatementKind,
} from './edit.ts'
import type { EditCall, EditContext, EditPlace, EditRow } from './edit-row.ts'
import { emptyText } from './empty.ts'
import { lostOf } from './taken-away.ts'

type Statement = Policy['statements'][number]

/** Everything that is known of a kind of edits of a statement, beside what they have in common. */
interface StatementRow<Kind extends StatementKind>
  extends Pick<EditRow<Kind>, 'isLate' | 'ranksAfter'>,
    Pick<Required<EditRow<Kind>>, 'less'> {
  /** The first value that it is about. */
  readonly value: (edit: EditOf<Kind>, statement: Statement) => Pick<Statement, 'span'> | undefined
  /** The sentence, without what becomes of a statement of which nothing is left. */
  readonly words: (
    edit: EditOf<Kind>,
    words: EditWords,
    at: string,
    /** Edits of the same kind and statement, this one included: they are written together. */
    alike: readonly EditOf<Kind>[],
  ) => string
}

/** The row of a kind of edits of a statement. */
export function ofStatement<Kind extends StatementKind>(row: StatementRow<Kind>): EditRow<Kind> {
  const { value, words, ...own } = row
  const place = (edit: EditOf<Kind>, context: EditContext) =>
    placeOf(edit, context, (statement) => value(edit, statement))
  return {
    ...own,
    subject: ({ document }) => ownerOfDocument(document),
    account: ({ document }) => accountOfDocument(document),
    before: ({ document }, { documents }) => documents.named(document).policy.text,
    after: writtenText,
    place,
    sentence: (edit, language, context) => {
      const where = place(edit, context)
      const at = editWords[language].statement(
        statementOf(edit, context)?.sid,
        edit.statement + 1,
        placeText(where, titleIn(where.policy, language)),
      )
      const all: readonly (OfStatement & Pick<Edit, 'kind'>)[] = editsOf(edit.document, context.edits)
      const alike = all.filter(
        (each): each is EditOf<Kind> => each.kind === edit.kind && each.statement === edit.statement,
      )
      const gone = goneWith(edit, context)
      const isSaid = gone === undefined || (gone === 'statement' && own.less(edit).isWhole === true)
      const end = isSaid ? '' : editWords[language].gone[gone]
      return `${words(edit, editWords[language], at, alike)}${end}`
    },
    calls: (edit, context) => {
      const { document } = edit
      return document.is === 'resource'
        ? functionCalls(edit, document.arn, context)
        : documentCalls(document, writtenText(edit, context), context.world)
    },
    takesAway: (edit, context) => {
      const { document } = edit
      // Edits of the same document take it away together.
      const [first]: readonly OfStatement[] = editsOf(document, context.edits)
      if (first !== edit) return []
      const { policy, source } = context.documents.named(document)
      const after = writtenText(edit, context)
      return holdersOf(document, context.world).flatMap((holder) =>
        lostOf(policy, after, holder, titleOf(source)),
      )
    },
  }
}

/** The document that the calls write; undefined if they delete it, or if Omen has no call for it. */
function writtenText({ document }: OfStatement, { rendered }: EditContext): string | undefined {
  const { text } = rendered(document)
  if (document.is === 'trust') return text ?? emptyText('trust')
  return document.is === 'managed' ? (text ?? emptyText('identity')) : text
}

function placeOf(
  { document, statement: place }: OfStatement,
  { world, documents }: EditContext,
  valueIn: (statement: Statement) => Pick<Statement, 'span'> | undefined,
): EditPlace & PolicyPlace {
  const { policy, source } = documents.named(document)
  const statement = policy.statements[place] ?? policy.statements[0]
  const value = statement && (valueIn(statement) ?? statement)
  const position = value?.span.start ?? { line: 1, column: 1 }
  const { account: _, ...at } = placeIn(world, policy, statement?.index ?? 0, position)
  const owner = ownerOfDocument(document)
  return {
    policy: titleOf(source),
    layer: document.is === 'trust' || document.is === 'resource' ? 'resource' : 'identity',
    ...(document.is === 'managed' || document.is === 'resource' ? { arn: owner } : { owner }),
    ...at,
  }
}

function statementOf(
  { document, statement }: OfStatement,
  { documents }: EditContext,
): Statement | undefined {
  return documents.named(document).policy.statements[statement]
}

/** The part of a document of which nothing is left. */
function goneWith({ document, statement }: OfStatement, { rendered }: EditContext) {
  const { text, origins } = rendered(document)
  if (text === undefined) return document.is
  return origins.includes(statement) ? undefined : 'statement'
}

/**
 * The calls that take statements out of a function's policy. Other policies of resources are changed by services of which
 * Omen has none, and Lambda has no call that changes a part of a statement.
 */
function functionCalls(edit: OfStatement, FunctionName: string, context: EditContext): readonly EditCall[] {
  if (!/^arn:[^:]*:lambda:[^:]*:\d{12}:function:[^:]+$/.test(FunctionName)) return []
  const StatementId = statementOf(edit, context)?.sid
  if (StatementId === undefined || goneWith(edit, context) === undefined) return []
  return [{ service: 'lambda', operation: 'RemovePermission', input: { FunctionName, StatementId } }]
}

/** The principals that have a document: its owner, or everyone that a managed policy is attached to. */
function holdersOf(document: DocumentName, world: World): readonly string[] {
  if (document.is !== 'managed') return [ownerOfDocument(document)]
  return accountsIn(world)
    .flatMap(({ users, roles, groups }) => [...users.values(), ...roles.values(), ...groups.values()])
    .filter(({ attached }) => attached.includes(document.arn))
    .map(({ arn }) => arn)
}
