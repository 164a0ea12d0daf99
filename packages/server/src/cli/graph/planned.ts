import {
  authorizationDetails,
  emptyImage,
  type GivenFile,
  type Image,
  IntakeProblem,
  imageOfTemplates,
  isTemplateSource,
} from '../../intake/index.ts'
import { parseSource } from '../../sources/index.ts'
import { badConfiguration } from '../failure.ts'
import { type Unread, unreadOf } from '../unread.ts'

/** The accounts that a template, a plan or a state describes, as dumps. */
export interface PlannedAccounts {
  readonly dumps: readonly GivenFile[]
  /** What may give access and was not looked at. */
  readonly unread: readonly Unread[]
}

/**
 * The accounts of a template, or of a plan or state of Terraform; undefined for another file.
 * @throws CommandFailure if CloudFormation would refuse a template
 */
export function plannedAccounts({ name, text }: GivenFile): PlannedAccounts | undefined {
  if (/"(?:User|Role|Group)DetailList"\s*:/.test(text)) return undefined
  const root = parseSource(text, name)
  if (root.type === 'problem' || !isTemplateSource(root)) return undefined
  try {
    const image = imageOfTemplates([{ file: name, text, root }], { parts: true })
    return {
      dumps: image.accounts
        .filter(({ users, groups, roles, policies }) =>
          [users, groups, roles, policies].some((list) => list.length > 0),
        )
        .map((account) => ({ name, text: JSON.stringify(authorizationDetails(account), undefined, 1) })),
      unread: [...unreadOf(emptyImage, image, []), ...partsIn(image)],
    }
  } catch (error) {
    throw error instanceof IntakeProblem ? badConfiguration(error.message) : error
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
