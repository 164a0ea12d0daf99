import { existsSync, statSync } from 'node:fs'
import { IntakeProblem, isTemplateSource, readImage, type TemplateSource } from '../../intake/index.ts'
import { parseSource, stackName } from '../../sources/index.ts'
import { badConfiguration } from '../failure.ts'
import type { PlacedImage } from '../graph/planned.ts'
import { Home } from '../home.ts'
import { fetchImage } from '../intake/fetch.ts'
import { listFiles, readFiles } from '../intake/files.ts'
import { type ServerTarget, serverTarget } from '../intake/target.ts'
import type { LeftOut } from '../left-out.ts'
import { lintFiles } from '../lint/files.ts'
import { type DeployOptions, readTemplates, stateOfTemplates } from './state.ts'

/** The state before a deployment. */
export type Present =
  /** A whole account; with a running server that knows what was used. */
  | { readonly type: 'account'; readonly state: PlacedImage; readonly server?: ServerTarget }
  /** The templates as they were last deployed: what they no longer contain is removed. */
  | { readonly type: 'template'; readonly state: PlacedImage }

/** Reads the state that a plan is compared with. @throws CommandFailure if it cannot be read */
export async function presentState(
  against: string,
  options: DeployOptions,
  next: readonly TemplateSource[],
  leftOut: LeftOut,
): Promise<Present> {
  if (isServer(against)) {
    const server = serverTarget(against, undefined, process.env)
    return { type: 'account', state: { image: await fetchImage(server), statementPlaces: new Map() }, server }
  }
  if (isTemplatePath(against)) {
    // the same stack: names made by CloudFormation stay the same
    const [one, ...others] = next
    const stack = options.stack ?? (one === undefined || others.length > 0 ? undefined : stackName(one.file))
    const named = stack === undefined ? {} : { stack }
    return {
      type: 'template',
      state: stateOfTemplates(readTemplates([against], leftOut), { ...options, ...named }),
    }
  }
  const { account } = options
  try {
    const image = readImage(
      [...readFiles(listFiles([against], leftOut))],
      account === undefined ? {} : { account },
    )
    return { type: 'account', state: { image, statementPlaces: new Map() } }
  } catch (error) {
    throw error instanceof IntakeProblem ? badConfiguration(error.message) : error
  }
}

/** Returns whether it is a URL, or the folder of a home with a server. */
function isServer(against: string): boolean {
  if (/^https?:\/\//.test(against)) return true
  return existsSync(against) && statSync(against).isDirectory() && Home.at(against).readServer() !== undefined
}

/**
 * Returns whether all files that can be read are templates. A folder of a dump may hold resource policies and others.
 */
function isTemplatePath(path: string): boolean {
  if (!existsSync(path)) return false
  for (const { name, text } of lintFiles([path])) {
    const root = parseSource(text, name)
    if (root.type !== 'problem' && isTemplateSource(root)) return true
  }
  return false
}
