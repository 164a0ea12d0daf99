import type { WorldFacts } from '../../graph/index.ts'
import {
  type AccountImage,
  emptyImage,
  type GivenFile,
  type Image,
  IntakeProblem,
  type InventoryResource,
  imageOfTemplates,
  inventoryOfTemplates,
  isTemplateSource,
  placeKey,
  readImage,
  type SourcePlace,
} from '../../intake/index.ts'
import { parseSource } from '../../sources/index.ts'
import { badConfiguration } from '../failure.ts'
import { LeftOut } from '../left-out.ts'
import { type Unread, unreadOf } from '../unread.ts'

/** An image with the places of the statements in it. */
export interface PlacedImage {
  readonly image: Image
  readonly statementPlaces: ReadonlyMap<string, readonly SourcePlace[]>
}

/** The accounts that a template, a plan or a state describes. */
export interface PlannedAccounts {
  readonly accounts: readonly AccountImage[]
  readonly originOf: NonNullable<WorldFacts['originOf']>
  /** Managed policies that data sources have read. */
  readonly readPolicies?: NonNullable<Image['readPolicies']>
  readonly lent?: Image['lent']
  /** The resources that the files have. */
  readonly resources: readonly InventoryResource[]
  /** The resources that may give access and were not looked at. */
  readonly unread: readonly Unread[]
}

/**
 * The accounts of templates, or of plans or states of Terraform, together; undefined if no file is one.
 * @throws CommandFailure if CloudFormation would refuse a template
 */
export function plannedAccounts(
  files: readonly GivenFile[],
  leftOut = new LeftOut(),
): PlannedAccounts | undefined {
  const sources = files.flatMap(({ name, text }) => {
    if (/"(?:User|Role|Group)DetailList"\s*:/.test(text)) return []
    const root = parseSource(text, name)
    if (root.type === 'problem') leftOut.noteBroken(name, text, root.message)
    return root.type === 'problem' || !isTemplateSource(root) ? [] : [{ file: name, text, root }]
  })
  if (sources.length === 0) return undefined
  const image = taken(() => imageOfTemplates(sources, { parts: true }))
  return {
    accounts: withSomebody(image),
    originOf: originIn(image.statementPlaces),
    resources: taken(() => inventoryOfTemplates(sources, image)).resources,
    ...(image.lent === undefined ? {} : { lent: image.lent }),
    ...(image.readPolicies === undefined ? {} : { readPolicies: image.readPolicies }),
    unread: [...unreadOf(emptyImage, image, []), ...partsIn(image)],
  }
}

/**
 * The accounts of answers of AWS other than account details: of get-role, list-role-policies and the like. Statements have
 * the places of their policies. @throws CommandFailure if they contradict each other
 */
export function answeredAccounts(files: readonly GivenFile[]): PlannedAccounts {
  const image = taken(() => readImage(files))
  return {
    accounts: withSomebody(image),
    resources: [],
    originOf: (at) => ({ ...at, statements: [] }),
    unread: unreadOf(emptyImage, image, []),
  }
}

function taken<Read>(read: () => Read): Read {
  try {
    return read()
  } catch (error) {
    throw error instanceof IntakeProblem ? badConfiguration(error.message) : error
  }
}

function withSomebody({ accounts }: Image): readonly AccountImage[] {
  return accounts.filter(({ users, groups, roles, policies }) =>
    [users, groups, roles, policies].some((list) => list.length > 0),
  )
}

/** Where the documents of templates are written: their statements have places. */
export function originIn(
  statementPlaces: ReadonlyMap<string, readonly SourcePlace[]>,
): NonNullable<WorldFacts['originOf']> {
  return (at, document) => {
    const statements = statementPlaces.get(placeKey(at, document))
    return statements && { ...at, statements }
  }
}

/** Roles that the file only adds to: who may assume them is not known, unless a data source has read it. */
function partsIn({ accounts }: Image): readonly Unread[] {
  return accounts.flatMap(({ users, roles }) =>
    [...users, ...roles.filter(({ trust }) => trust === undefined)]
      .filter(({ isPart }) => isPart)
      .map(({ at, name }) => ({ at, what: name, reason: 'the file only adds to it' })),
  )
}
