import { isTemplateSource, type TemplateSource } from '../../intake/index.ts'
import { parseSource, stackName } from '../../sources/index.ts'
import { badSyntax } from '../failure.ts'
import type { RunningServer } from '../home.ts'
import { lintFiles } from '../lint/files.ts'
import type { PlacedImage } from './plan.ts'
import { type DeployOptions, readTemplates, stateOfTemplates } from './state.ts'

/** What is there before a deploy. */
export type Present =
  /** A whole account; with a server where it is a running house, which knows what was used. */
  | { readonly type: 'account'; readonly state: PlacedImage; readonly server?: RunningServer }
  /** The templates as they were deployed last: what they no longer have is removed. */
  | { readonly type: 'template'; readonly state: PlacedImage }

/** Reads the state that a plan is compared with. @throws CommandFailure where it cannot be read */
export async function presentState(
  against: string,
  options: DeployOptions,
  next: readonly TemplateSource[],
): Promise<Present> {
  if (isTemplatePath(against)) {
    const sources = readTemplates([against])
    // the same stack: what CloudFormation names is named the same
    const [one, ...others] = next
    const stack = options.stack ?? (one === undefined || others.length > 0 ? undefined : stackName(one.file))
    const named = stack === undefined ? {} : { stack }
    return { type: 'template', state: stateOfTemplates(sources, { ...options, ...named }) }
  }
  throw badSyntax(`${against} is no template`)
}

function isTemplatePath(path: string): boolean {
  if (/^https?:\/\//.test(path)) return false
  for (const { name, text } of lintFiles([path])) {
    const root = parseSource(text, name)
    if (root.type !== 'problem' && isTemplateSource(root)) return true
  }
  return false
}
