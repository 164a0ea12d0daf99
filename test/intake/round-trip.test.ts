import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createOmen, type RunningOmen, type Seed } from 'omen-iam/testing'
import {
  type AccountImage,
  applyImage,
  cliScript,
  cloudFormationTemplates,
  dumpFiles,
  type Image,
  imageOfAccount,
  lossesOf,
  readImage,
  seedOf,
  terraformConfiguration,
} from '../../packages/server/src/intake/index.ts'
import { account, images } from './accounts.ts'
import { performCommand } from './commands.ts'
import { planOf } from './terraform.ts'

const runs = { numRuns: 5, endOnFailure: true }
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

describe('import of an export gives the same account', () => {
  test('as AWS’s own answers, whole', async () => {
    await fc.assert(
      fc.asyncProperty(images, async (drawn) => {
        await using one = await createOmen({ account, port: false })
        await applyImage(drawn, one.omen.deps)
        const exported = imageOf(one)
        const files = dumpFiles({ accounts: [exported], notTaken: [], findings: [] })
        const read = readImage(files.map(({ name, content }) => ({ name, text: textOf(content) })))
        assert.deepEqual(
          read.notTaken.filter(({ kind }) => kind !== 'access key'),
          [],
        )
        await using other = await createOmen({ account, port: false })
        await applyImage(read, other.omen.deps)
        assert.deepEqual(plain(imageOf(other)), plain(exported))
        // and what was drawn is in it
        assert.deepEqual(names(exported), names(drawn.accounts[0]!))
      }),
      runs,
    )
  })

  test('as CloudFormation, but for what is named as lost', () =>
    trip((exported) => {
      const [template, ...more] = cloudFormationTemplates(exported, 'An account', [])
      assert.deepEqual(more, [])
      return readImage([{ name: 'template.json', text: textOf(template) }], { account })
    }))

  test('as Terraform, but for what is named as lost', () =>
    trip((exported) => {
      const plan = planOf(terraformConfiguration(exported, ['a note']), account)
      return readImage([{ name: 'plan.json', text: textOf(plan) }], { account })
    }))

  test('as a seed, but for what is named as lost', async () => {
    await fc.assert(
      fc.asyncProperty(images, async (drawn) => {
        await using one = await createOmen({ account, port: false })
        await applyImage(drawn, one.omen.deps)
        const exported = imageOf(one)
        const users = exported.users.filter(({ name }) => name !== 'admin')
        const seed = seedOf({ accounts: [{ ...exported, users }], notTaken: [], findings: [] }) as Seed
        await using other = await createOmen({ account, seed, port: false })
        assert.deepEqual(said(imageOf(other), 'seed'), said(exported, 'seed'))
      }),
      runs,
    )
  })

  test('as a script of AWS CLI commands, but for what is named as lost', async () => {
    await fc.assert(
      fc.asyncProperty(images, async (drawn) => {
        await using one = await createOmen({ account, port: false })
        await applyImage(drawn, one.omen.deps)
        const exported = imageOf(one)
        const users = exported.users.filter(({ name }) => name !== 'admin')
        const script = cliScript({ ...exported, users }, quote, ["a note '$(id)"])
        await using other = await createOmen({ account, port: false })
        for (const words of commandsOf(script)) await performCommand(words, other)
        assert.deepEqual(said(imageOf(other), 'cli'), said(exported, 'cli'))
      }),
      runs,
    )
  })

  test('what a form loses is named with its number', () => {
    const [drawn] = fc.sample(images, { numRuns: 1, seed: 7 })
    const lost = lossesOf(drawn!, 'cloudformation').map(({ what }) => what)
    assert.ok(lost.includes('unique ids and creation dates'))
    assert.deepEqual(lossesOf({ accounts: [], notTaken: [], findings: [] }, 'terraform'), [])
  })
})

/** Export of a drawn account in some form, and import of what is read of it. */
async function trip(write: (exported: AccountImage) => Image): Promise<void> {
  await fc.assert(
    fc.asyncProperty(images, async (drawn) => {
      await using one = await createOmen({ account, port: false })
      await applyImage(drawn, one.omen.deps)
      const exported = imageOf(one)
      const users = exported.users.filter(({ name }) => name !== 'admin')
      await using other = await createOmen({ account, port: false })
      const read = write({ ...exported, users })
      assert.deepEqual([read.notTaken, read.findings], [[], []])
      await applyImage(read, other.omen.deps)
      assert.deepEqual(said(imageOf(other), 'template'), said(exported, 'template'))
    }),
    runs,
  )
}

/** The words of each command that a script runs: the shell itself takes the quotes away. */
function commandsOf(script: string): readonly (readonly string[])[] {
  const stub = `aws() { for word in "$@"; do printf '%s\\0' "$word"; done; printf '\\1\\0'; }\n`
  const out = execFileSync('sh', ['-c', stub + script], { encoding: 'utf8' })
  const commands: string[][] = [[]]
  for (const word of out.split('\0')) {
    if (word === '\u0001') commands.push([])
    else commands.at(-1)?.push(word)
  }
  return commands.filter((words) => words.length > 1)
}

function imageOf({ omen }: RunningOmen): AccountImage {
  return imageOfAccount(omen.deps.directory.loaded(account)!, omen.deps.directory)
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content)
}

const lists = ['users', 'groups', 'roles', 'policies', 'instanceProfiles', 'oidcProviders'] as const

function names(image: AccountImage) {
  return lists.map((list) =>
    image[list]
      .map((each) => ('name' in each ? each.name : each.url))
      .filter((name) => name !== 'admin')
      .sort(),
  )
}

/** Without places, and without the administrator, who is each server's own. */
function plain(image: AccountImage) {
  const { users, accessKeys: _, createdAt: __, ...rest } = image
  const text = JSON.stringify(
    { ...rest, users: users.filter(({ name }) => name !== 'admin') },
    (key, value) => (key === 'at' && typeof value === 'object' ? undefined : value),
  )
  return normal(JSON.parse(text)) as AccountImage
}

/** What a form says: without ids, dates and versions but the default one. */
function said(image: AccountImage, form: 'template' | 'seed' | 'cli') {
  const { users, groups, roles, policies, instanceProfiles, oidcProviders } = plain(image)
  const omitted = new Set([
    'id',
    'createdAt',
    'updatedAt',
    'lastUsed',
    'defaultVersion',
    'passwordLastUsed',
    'nextVersion',
  ])
  const text = JSON.stringify(
    {
      users,
      groups,
      roles,
      policies: policies.map((policy) => ({
        ...policy,
        versions: policy.versions?.filter(({ id }) => id === policy.defaultVersion),
      })),
      instanceProfiles: instanceProfiles.map((profile) => ({ ...profile, tags: [] })),
      ...(form === 'seed' ? {} : { oidcProviders }),
    },
    (key, value) => (omitted.has(key) ? undefined : value),
  )
  return normal(JSON.parse(text))
}

/** Lists whose order means nothing, in one order; documents without white space. */
function normal<T>(value: T, key = ''): T {
  return normalized(value, key) as T
}

function normalized(value: unknown, key: string): unknown {
  if (Array.isArray(value)) {
    const list = value.map((each) => normalized(each, ''))
    return ['tags', 'attached', 'inline', 'groups', 'versions', 'users', 'roles', 'policies'].includes(key)
      ? list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : list
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(entries.map(([name, each]) => [name, normalized(each, name)]))
  }
  if ((key === 'document' || key === 'trust') && typeof value === 'string')
    return JSON.stringify(JSON.parse(value))
  return value
}
