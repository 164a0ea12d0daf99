import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { coveredBy } from './coverage.ts'
import { equivalentReason } from './equivalent.ts'
import { type Judged, judge, type Measured } from './judge.ts'
import { type Mutant, mutantsOf } from './mutants.ts'
import { mutatedRooms } from './rooms.ts'
import { each, root } from './run.ts'
import { judgeTogether } from './together.ts'

export interface Options {
  /** Only the files whose path contains one of these. */
  readonly only: readonly string[] | undefined
  /** Test files whose path contains one of these are left out. */
  readonly without: readonly string[]
  /** How many mutants of a room are tried. */
  readonly sample: number
  /** Which ones: each seed draws others. */
  readonly seed: string
  /**
   * Test files (or, of a room whose tests run together, single tests) that take longer are left out: in milliseconds of
   * processor time.
   */
  readonly longest: number
  /** How many tests run at a time. */
  readonly width: number
}

export interface Result {
  /** How many mutants the room has. */
  readonly all: number
  readonly seed: string
  readonly killed: number
  readonly equivalent: readonly { readonly mutant: Mutant; readonly reason: string }[]
  readonly survived: readonly Judged[]
  /** The share of killed mutants among those that are not equivalent. */
  readonly share: number
  /** Whether the share is what the room must reach. */
  readonly enough: boolean
}

interface Apart {
  readonly testFiles: readonly string[]
  readonly sources: string
  readonly files: readonly string[]
  readonly longest: number
  readonly width: number
}

/** Tests, and what only tests use. */
const forTests = /(?:\.test|-twin|\/fixture)\.ts$/

/** Tries the mutants of one room, and prints each that no test notices. */
export async function mutateRoom(
  name: string,
  { only, without, sample, seed, longest, width }: Options,
): Promise<Result> {
  const { sources, tests, least = 0, together = [] } = mutatedRooms[name]!
  const files = sourcesOf(name)
  const every = everyMutant(name)
  const mutants = every.filter(({ file }) => only === undefined || only.some((part) => file.includes(part)))
  const chosen = drawn(mutants, sample, seed)
  process.stdout.write(`${name}: ${chosen.length} of ${mutants.length} mutants\n`)

  const testFiles = [...filesIn('packages'), ...filesIn('test')].filter(
    (path) =>
      path.endsWith('.test.ts') &&
      tests.some((prefix) => path.startsWith(prefix)) &&
      !without.some((part) => path.includes(part)),
  )
  const judged: Judged[] = []
  const note = (one: Judged) => {
    judged.push(one)
    if (judged.length % 100 === 0) process.stdout.write(`  ${judged.length} of ${chosen.length}\n`)
    if (one.verdict !== 'killed' && equivalentReason(one.mutant) === undefined)
      process.stdout.write(`  ${lineOf(one)}\n`)
  }
  const tried = chosen.filter((mutant) => equivalentReason(mutant) === undefined)
  for (const mutant of chosen) if (!tried.includes(mutant)) note({ mutant, verdict: 'survived' })
  const inOne = testFiles.filter((path) => together.some((prefix) => path.startsWith(prefix)))
  const apart = testFiles.filter((path) => !inOne.includes(path))
  const alive: Judged[] = []
  const noteKilled = (one: Judged) => (one.verdict === 'killed' ? note(one) : alive.push(one))
  if (inOne.length > 0)
    await judgeTogether(
      tried,
      { testFiles: inOne, all: every, longest, width },
      apart.length === 0 ? note : noteKilled,
    )
  if (apart.length > 0) {
    const left = inOne.length === 0 ? tried : alive.map(({ mutant }) => mutant)
    await judgeApart(left, { testFiles: apart, sources, files, longest, width }, note)
  }

  const equivalent = judged.flatMap(({ mutant }) => {
    const reason = equivalentReason(mutant)
    return reason === undefined ? [] : [{ mutant, reason }]
  })
  const killed = judged.filter(({ verdict }) => verdict === 'killed').length
  const survived = judged.filter(
    ({ mutant, verdict }) => verdict !== 'killed' && equivalentReason(mutant) === undefined,
  )
  const share = killed / Math.max(1, killed + survived.length)
  process.stdout.write(
    `${name}: ${killed} killed, ${survived.length} survived, ${equivalent.length} equivalent: ${percent(share)}\n`,
  )
  return { all: mutants.length, seed, killed, equivalent, survived, share, enough: share >= least }
}

/** Judges mutants by processes: one for each mutant and test file. */
async function judgeApart(
  chosen: readonly Mutant[],
  { testFiles, sources, files, longest, width }: Apart,
  judged: (one: Judged) => void,
): Promise<void> {
  const inQuestion = [...new Set(chosen.map((mutant) => mutant.file))]
  const measured: Measured[] = []
  await each(testFiles, width, async (test) => {
    const covered = await coveredBy(test, sources, files, inQuestion)
    if (!covered.passed) process.stdout.write(`  ${test} fails without a mutant and is left out\n`)
    if (covered.used <= longest) measured.push({ test, covered })
    else process.stdout.write(`  ${test} takes ${Math.round(covered.used / 1_000)} s and is left out\n`)
  })
  await each(chosen, width, async (mutant) => judged(await judge(mutant, measured)))
}

/** The first mutants in the order of a hash with the seed: a file that changes leaves the others in the sample. */
function drawn(mutants: readonly Mutant[], sample: number, seed: string): readonly Mutant[] {
  const rank = new Map(
    mutants.map(({ id }) => [id, createHash('sha256').update(`${seed} ${id}`).digest('hex')]),
  )
  return mutants
    .toSorted((a, b) => (rank.get(a.id)! < rank.get(b.id)! ? -1 : 1))
    .slice(0, Math.min(sample, mutants.length))
}

/** Every mutant of a room as its sources are now. */
export function everyMutant(name: string): readonly Mutant[] {
  return sourcesOf(name).flatMap((path) => mutantsOf(path, readFileSync(join(root, path), 'utf8')))
}

function sourcesOf(name: string): readonly string[] {
  return filesIn(mutatedRooms[name]!.sources).filter((path) => !forTests.test(path))
}

export function percent(share: number): string {
  return `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`
}

/** One mutant on one line, as the report and the list of equivalent ones name it. */
export function lineOf({ mutant, verdict }: Judged): string {
  const { file, line, from, to, id } = mutant
  return `${id} ${verdict} ${file}:${line} ${short(from)} → ${short(to)}`
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}…` : line
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
}
