import type {
  Technique,
  TechniqueTable,
  TechniqueWay,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import { isNeverKnown, isOfInventory } from './fact-worlds.ts'
import {
  actionsOf,
  allow,
  attackerArn,
  type Recipe,
  recipeOf,
  type Statement,
  targetOf,
  targetRole,
} from './minimal.ts'

/** A world with what must be found in it. Expectations follow from how the world is made, never from the engine. */
export interface Variant {
  readonly name: string
  readonly recipe: Recipe
  readonly expect: 'proven' | 'conditional' | 'no' | 'undecided'
  /** The keys that must be left, for `conditional`. */
  readonly keys?: readonly string[]
}

const never: Statement = { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }

/** Facts that these worlds have no file about. */
const notSaid = new Set([
  'identityCenterAdministrator',
  'entitlesRoles',
  'managementAccount',
  'passRoleUnsettled',
  'portfolioAccess',
  'repositoryAccess',
])

/** Facts that code decides by what the inventory says. */
const ofInventory = new Set([
  'serviceOfTask',
  'launchedByDefault',
  'launchedByLatest',
  'containerInstance',
  'streamGetsRecords',
])

/** Rows that need a world of their own: test/graph/special.ts has them. */
const special =
  /^(?:lift\.(?:tags|session-tags|enroll-mfa|scp|leave-group|detach-group|delete-group|put-created|boundary-version|deny-version)|empower\.(?:attach-created|permission)|pass\.(?:ec2-profile|cloudformation-stackset|emr-step)|trust\.(?:assume-role-across|member-root|set-source-identity)|open\.(?:account|permission|identity-store)|existing\.cloudformation-stackset)/

/** Whether a minimal world shows a row. */
export function isMinimal({ id, effect, composedOf }: Technique): boolean {
  return effect !== 'none' && composedOf === undefined && !special.test(id)
}

/** The ways of a technique; one without further needs if the row has none. What is made without a policy gives nothing alone. */
export function waysOf({ ways, effect }: Technique): readonly TechniqueWay[] {
  if (ways.length === 0) return [{ needs: [], facts: [] }]
  if (effect !== 'makesUser' && effect !== 'makesRole') return ways
  return ways.filter(({ needs }) => needs.some(({ action }) => /Policy$|Group$/.test(action)))
}

/** Whether a set of actions is sufficient for some technique, so that taking one away proves nothing. */
function suffices(table: TechniqueTable, actions: ReadonlySet<string>): boolean {
  return table.techniques.some(
    (technique) =>
      technique.effect !== 'none' &&
      waysOf(technique).some((way) => {
        const needed = actionsOf(technique, way)
        return needed.length > 0 && needed.every((action) => actions.has(action))
      }),
  )
}

/** Every variant of one way of a technique. */
export function variantsOf(
  table: TechniqueTable,
  technique: Technique,
  way: TechniqueWay,
): readonly Variant[] {
  const recipe = recipeOf(technique, way)
  const kind = targetOf(technique)
  const isUnknowable = isNeverSaid(technique, way)
  const needed = actionsOf(technique, way)
  const all = new Set(recipe.statements.flatMap(({ Action }) => Action ?? []))
  const best = isUnknowable ? 'undecided' : 'proven'
  const variants: Variant[] = [{ name: 'works', recipe, expect: best }]
  const add = (
    name: string,
    expect: Variant['expect'],
    change: Partial<Recipe>,
    keys?: readonly string[],
  ): void => {
    const isLess = isUnknowable && expect !== 'no'
    variants.push({
      name,
      expect: isLess ? 'undecided' : expect,
      recipe: { ...recipe, ...change },
      ...(keys === undefined || isLess ? {} : { keys }),
    })
  }
  const others = (action: string) => recipe.statements.filter(({ Action }) => Action !== action)
  const withStatement = (action: string, change: Partial<Statement>) =>
    recipe.statements.map((statement) =>
      statement.Action === action ? { ...statement, ...change } : statement,
    )
  for (const action of needed) {
    const left = new Set([...all].filter((each) => each !== action))
    if (suffices(table, left)) continue
    add(`without ${action}`, 'no', { statements: others(action) })
    add(`${action} denied`, 'no', {
      statements: [...recipe.statements, { Effect: 'Deny', Action: action, Resource: '*' }],
    })
    add(`${action} denied by an SCP`, 'no', {
      scp: [allow('*'), { Effect: 'Deny', Action: action, Resource: '*' }],
    })
    if (
      recipe.attackerBoundary === undefined &&
      !['removesBoundary', 'replacesBoundary'].includes(technique.effect) &&
      kind !== 'self'
    )
      add(`a boundary of the attacker without ${action}`, 'no', {
        attackerBoundary: [{ Effect: 'Allow', NotAction: action, Resource: '*' }],
      })
    add(`${action} on another resource`, 'no', {
      statements: withStatement(action, { Resource: 'arn:aws:zzz:eu-west-1:111122223333:other/thing' }),
    })
    const { on = [] } = table.actions[action] ?? {}
    if (on.length > 0)
      add(`${action} on the types of the reference`, 'proven', {
        statements: withStatement(action, {
          Resource: [...new Set(on.flat().flatMap(({ arns }) => arns))].map((arn) =>
            arn.replace(/\$\{\w+\}/g, '*'),
          ),
        }),
      })
    add(`${action} under a condition that holds`, 'proven', {
      statements: withStatement(action, { Condition: { ArnEquals: { 'aws:PrincipalArn': attackerArn } } }),
    })
    add(`${action} under a condition that does not hold`, 'no', {
      statements: withStatement(action, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } }),
    })
    add(
      `${action} with MFA`,
      'conditional',
      {
        statements: withStatement(action, { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      },
      ['aws:MultiFactorAuthPresent'],
    )
    add(
      `${action} from a network`,
      'conditional',
      {
        statements: withStatement(action, { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
      },
      ['aws:SourceIp'],
    )
    add(`${action} with MFA where it is present`, 'proven', {
      statements: withStatement(action, {
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } },
      }),
    })
    add(
      `${action} denied without MFA`,
      'conditional',
      {
        statements: [
          ...recipe.statements,
          {
            Effect: 'Deny',
            Action: action,
            Resource: '*',
            Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
          },
        ],
      },
      ['aws:MultiFactorAuthPresent'],
    )
  }
  const passed = technique.passesTo?.[0]
  if (passed !== undefined) {
    const left = new Set([...all].filter((each) => each !== 'iam:PassRole'))
    if (!suffices(table, left)) {
      add('passed to another service', 'no', {
        statements: withStatement('iam:PassRole', {
          Condition: { StringEquals: { 'iam:PassedToService': 'other.amazonaws.com' } },
        }),
      })
      add('another role may be passed', 'no', {
        statements: withStatement('iam:PassRole', { Resource: 'arn:aws:iam::111122223333:role/app-*' }),
      })
      if (!passesFurther(table, technique, way))
        add('passed to this service, this role', 'proven', {
          statements: withStatement('iam:PassRole', {
            Resource: targetRole,
            Condition: { StringEquals: { 'iam:PassedToService': passed } },
          }),
        })
      add('trust names another service', 'no', {
        trust: { Effect: 'Allow', Principal: { Service: 'other.amazonaws.com' }, Action: 'sts:AssumeRole' },
      })
      add('trust denies', 'no', { trust: { ...recipe.trust, Effect: 'Deny' } })
    }
  }
  if (kind === 'role' && technique.passesTo !== undefined)
    add('a boundary of the gainer', 'no', { targetBoundary: [never] })
  if (kind === 'user') add('a boundary of the gainer', 'no', { targetBoundary: [never] })
  if (
    kind === 'self' &&
    ['writesPolicy', 'attachesPolicy', 'joinsGroup', 'setsVersion'].includes(technique.effect)
  )
    add('a boundary of the gainer', 'no', { attackerBoundary: [allow(needed)] })
  const needsResource = bindsResource(technique, way)
  if (readsInventory(technique, way)) {
    // With both calls a key is made whether there are two or fewer.
    const isAnyway =
      technique.id === 'user.access-key-rotated' || worksWithoutInventory(table, technique, all)
    add('no inventory', isAnyway ? 'proven' : 'undecided', { inventory: undefined })
    if (needsResource) {
      add('an inventory whose list is not complete', isAnyway ? 'proven' : 'undecided', {
        inventory: { ...recipe.inventory, resources: [], listed: [] },
      })
      add('an inventory without the resource', isAnyway ? 'proven' : 'no', {
        inventory: { ...recipe.inventory, resources: [] },
      })
    }
  } else add('no inventory', 'proven', { inventory: undefined })
  return variants
}

/** Whether a way rests on what no file says: it is undecided, never proven. */
function isNeverSaid(technique: Technique, way: TechniqueWay): boolean {
  // Commands run by documents of AWS as well; what a runbook of the account does is in no file.
  return [...technique.facts, ...way.facts].some(
    (fact) =>
      notSaid.has(fact) ||
      (isNeverKnown(fact) && (fact !== 'ownDocument' || technique.passesTo !== undefined)),
  )
}

function bindsResource(technique: Technique, way: TechniqueWay): boolean {
  const needs = [...technique.needs, ...way.needs]
  return technique.workloads !== undefined || needs.some(({ on }) => on.is === 'resource')
}

/** Whether an inventory decides whether a way works. */
function readsInventory(technique: Technique, way: TechniqueWay): boolean {
  const facts = [...technique.facts, ...way.facts]
  return (
    facts.some((fact) => ofInventory.has(fact) || isOfInventory(fact) || /^(?:exists|is) /.test(fact)) ||
    bindsResource(technique, way)
  )
}

/** Whether actions are sufficient for a way to the same role that no inventory decides. */
function worksWithoutInventory(
  table: TechniqueTable,
  { effect, passesTo }: Technique,
  actions: ReadonlySet<string>,
): boolean {
  return table.techniques.some(
    (other) =>
      other.effect === effect &&
      passesTo !== undefined &&
      other.passesTo?.join() === passesTo.join() &&
      waysOf(other).some(
        (way) =>
          !readsInventory(other, way) &&
          !isNeverSaid(other, way) &&
          actionsOf(other, way).every((action) => actions.has(action)),
      ),
  )
}

/** Whether a way passes a second role, to another service. */
function passesFurther({ facts }: TechniqueTable, technique: Technique, way: TechniqueWay): boolean {
  return [...technique.facts, ...way.facts].some(
    (fact) => facts[fact]?.passes !== undefined || fact.includes(' starts '),
  )
}
