import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { changeSetting } from '../base/index.ts'
import type { Omen } from '../gate/index.ts'
import {
  plantSeeds,
  type ReadAccounts,
  type ReadSeed,
  readSeedFiles,
  SeedProblem,
  type SeedServer,
} from '../seed/index.ts'
import type { Store } from '../store/index.ts'
import { badConfiguration, CommandFailure } from './failure.ts'
import { messageOf } from './home.ts'
import { printError } from './output.ts'

/** Whether the server has its seeds: absent, `planting` or `planted`. */
const setting = 'seed'

/** Contents that a server begins with, each of a file. */
export type Seeds = readonly (ReadSeed | ReadAccounts)[]

/**
 * The seeds, templates, plans and dumps of a file, or of the JSON and YAML files of a folder in the order of their
 * names. Subfolders are left out: they may contain the policies that seeds name. @throws CommandFailure with the place
 * of the mistake
 */
export function readSeeds(path: string, server: SeedServer): Seeds {
  try {
    return readSeedFiles(filesOf(path), server)
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    throw badConfiguration(error instanceof SeedProblem ? error.message : `${path}: ${messageOf(error)}`)
  }
}

/** The first account of a new server: the one that manages a dump's organization, or the only one. */
export function adoptedAccount(seeds: Seeds): string | undefined {
  const images = seeds.flatMap((each) => ('image' in each ? [each.image] : []))
  const accounts = images.flatMap((image) => image.accounts.map(({ account }) => account))
  const management = images.find(({ organization }) => organization !== undefined)?.organization
    ?.managementAccount
  return management ?? (accounts.length === 1 && images.length === seeds.length ? accounts[0] : undefined)
}

/**
 * Plants the seeds in a new server. A server that has them already is left as it is, and so is one that began without
 * seeds; one whose planting was interrupted is emptied first. @throws CommandFailure if the server refuses a part
 */
export async function plantOnce(seeds: Seeds, omen: Omen, store: Store, isNew: boolean): Promise<void> {
  const state = await store.readSetting(setting)
  if (state === 'planted') return
  if (state === undefined && !isNew) {
    printError('omen: the home is in use already: the seed is for a first start and was not planted\n')
    return
  }
  if (state === 'planting') await omen.reset()
  await changeSetting(store, setting, () => 'planting')
  try {
    await plantSeeds(seeds, omen)
  } catch (error) {
    throw error instanceof SeedProblem ? badConfiguration(error.message) : error
  }
  await changeSetting(store, setting, () => 'planted')
}

function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path]
  const files = readdirSync(path)
    .filter((name) => /\.(?:json|ya?ml)$/.test(name) && statSync(join(path, name)).isFile())
    .sort()
  if (files.length === 0) throw badConfiguration(`${path} has no JSON or YAML files`)
  return files.map((name) => join(path, name))
}
