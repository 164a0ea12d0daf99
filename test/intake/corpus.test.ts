import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createOmen } from 'omen-iam/testing'
import {
  type AccountImage,
  accountLists,
  applyImage,
  cliScript,
  cloudFormationTemplates,
  compareImage,
  dumpFiles,
  emptyAccount,
  type Image,
  imageOfAccount,
  imageOfOrganization,
  type LossyForm,
  lossesOf,
  organizationLists,
  readImage,
  readPart,
  seedOf,
  terraformConfiguration,
} from '../../packages/server/src/intake/index.ts'
import { checkCorpus } from '../corpus/index.ts'
import { changesOf, isTaken, partOf, problemOf, said } from './changes.ts'
import { account, fullAccount, fullImage, fullOrganization, member } from './full.ts'
import { oddImage } from './odd.ts'
import { changed, differences, leaves, plain } from './values.ts'

const corpus = (name: string) => join(import.meta.dirname, 'corpus', name)
const at = { file: 'bare', line: 1, column: 1 }

/** Things with the least that an image may say of them. */
const bare: AccountImage = {
  ...emptyAccount(account, 'aws', at),
  users: [{ at, name: 'Ann' }],
  groups: [{ at, name: 'Staff' }],
  roles: [{ at, name: 'Web', trust: fullAccount.roles[0]!.trust! }],
  policies: [
    { at, name: 'Read', versions: [{ at, document: fullAccount.policies[0]!.versions![0]!.document }] },
  ],
  instanceProfiles: [{ at, name: 'Web' }],
  oidcProviders: [{ at, url: 'token.example.com' }],
  samlProviders: [{ at, name: 'Corp' }],
  loginProfiles: [{ at, user: 'Ann' }],
  mfaDevices: [{ at, serial: 'GAHT12345678' }],
  identityPools: [{ at, id: 'eu-west-1:1' }],
  trustAnchors: [{ at, id: fullAccount.trustAnchors[0]!.id, region: 'eu-west-1', name: 'anchor' }],
  certificateProfiles: [
    { at, id: fullAccount.certificateProfiles[0]!.id, region: 'eu-west-1', name: 'profile' },
  ],
}
const images: Readonly<Record<string, Image>> = {
  full: fullImage,
  bare: { accounts: [bare], notTaken: [], findings: [] },
  odd: oddImage,
}

describe('an image with everything, and one with the least', () => {
  test('each form that it is exported as, and what the form loses', () => {
    const forms: Readonly<Record<string, (image: Image) => unknown>> = {
      dump: dumpFiles,
      cloudformation: ({ accounts: [one] }) => cloudFormationTemplates(one!, 'An account', ['a note']),
      terraform: ({ accounts: [one] }) => terraformConfiguration(one!, ['a note']),
      cli: ({ accounts: [one] }) => cliScript(one!, JSON.stringify, ['a note']),
      seed: seedOf,
    }
    checkCorpus(corpus('exports.txt'), (input) => {
      const [form = '', of = '', losses] = input.split(' ')
      const image = images[of]!
      if (losses !== undefined)
        return lossesOf(image, form as LossyForm).map(({ what, count }) => `${count} ${what}`)
      return linesOf(forms[form]!(image))
    })
  })

  test('a server takes it, says what is new, and then what each changed member changes', async () => {
    await using one = await createOmen({ account, port: false })
    const { deps } = one.omen
    const first = said(await applyImage(fullImage, deps))
    const again = said(await compareImage(fullImage, deps))
    const kept = deps.directory.loaded(account)!
    const image = imageOfAccount(kept, deps.directory)
    const own: AccountImage = {
      ...image,
      createdAt: fullAccount.createdAt!,
      users: image.users.filter(({ name }) => name !== 'admin'),
      accessKeys: image.accessKeys.filter(({ id }) => fullAccount.accessKeys.some((key) => key.id === id)),
    }
    const all = imageOfOrganization(kept)!
    const organization = {
      ...all,
      accounts: all.accounts.filter((one) => one.account === member),
      policies: all.policies.filter(({ awsManaged }) => awsManaged !== true),
    }
    const back: Image = { ...fullImage, accounts: [own], organization }
    const changes: string[] = []
    for (const [path, image] of changesOf(fullImage)) {
      const lines = await compareImage(image, deps).then(said, problemOf)
      const others = lines.filter((line) => !again.includes(line))
      if (others.length > 0) changes.push(`${path}: ${others.join('; ')}`)
    }
    const described = differences(plain(fullImage), plain(back))
    const lines: Readonly<Record<string, readonly string[]>> = { first, again, changes, described }
    checkCorpus(corpus('compared.txt'), (input) => lines[input]!)
  })

  test('a dump is read as what it was written from', () => {
    checkCorpus(corpus('read-back.txt'), (input) => {
      const image = images[input]!
      const files = dumpFiles(image).map(({ name, content }) => ({ name, text: textOf(content) }))
      return differences(plain(image), plain(readImage(files)))
    })
  })
})

// A line of the corpus is a list of an image. Below it: each member of a thing, whether the thing may be without it, and
// whether a text, a number and a flag that it does not usually have are taken for it.
test('parts of an image: what is required, and what is checked', () => {
  const odd = { text: 'ß\n', number: 7, flag: true, list: [{ odd: 1 }], object: { odd: 1 } }
  const own = (image: object, lists: object) =>
    Object.fromEntries(Object.entries(image).filter(([name]) => !(name in lists)))
  const things = (list: string): readonly object[] => {
    if (list === 'account') return [own(fullAccount, accountLists)]
    if (list === 'organization') return [own(fullOrganization, organizationLists)]
    const all: Readonly<Record<string, unknown>> = { ...fullOrganization, ...fullAccount }
    return (list in organizationLists && list !== 'policies' ? fullOrganization : all)[list as never]
  }
  checkCorpus(corpus('image-parts.txt'), (list) => {
    const [thing] = things(list)
    assert.equal(typeof readPart(partOf(list, thing)), 'object', `${list}: ${readPart(partOf(list, thing))}`)
    return leaves(thing!).map(([path, value]) => {
      const may = isTaken(list, changed(thing!, path, undefined)) ? '' : ' required'
      const taken = Object.entries(odd).filter(
        ([kind, each]) => kind !== typeof value && isTaken(list, changed(thing!, path, each)),
      )
      return `${path.join('.')}${may}, takes ${taken.map(([kind]) => kind).join(' ')}`
    })
  })
})

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content)
}

/** Text by its lines, a value as JSON whose short parts are on one line. */
function linesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split('\n').filter((line) => line !== '')
  const short = JSON.stringify(value) ?? 'undefined'
  if (short.length <= 130 || typeof value !== 'object' || value === null) return [short]
  const entries = Array.isArray(value) ? value.map((each) => ['', each] as const) : Object.entries(value)
  return [
    Array.isArray(value) ? '[' : '{',
    ...entries.flatMap(([name, each]) => {
      const [first = '', ...rest] = linesOf(each)
      return [` ${name === '' ? '' : `${name}: `}${first}`, ...rest.map((line) => ` ${line}`)]
    }),
    Array.isArray(value) ? ']' : '}',
  ]
}
