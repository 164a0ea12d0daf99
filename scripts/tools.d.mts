/** What suites may need beyond npm. */
export type ToolName =
  | 'awsCli'
  | 'boto3'
  | 'awscrt'
  | 'goSdk'
  | 'openMetrics'
  | 'moto'
  | 'ansible'
  | 'minioClient'
  | 's3cmd'
  | 'rclone'
  | 'bubblewrap'
  | 'buildah'
  | 'chromium'
  | 'postgres'
  | 'pgbouncer'
  | 'zsh'
  | 'fish'

/** One of them: how it is found, and the packages of Debian that have it. */
export interface Tool {
  readonly label: string
  readonly debian: string
  readonly command: string
  readonly probe: readonly string[]
  /** What the probe says if the tool is new enough. */
  readonly proof: RegExp
  /** Environment variables that the tool needs. */
  readonly env?: Readonly<Record<string, string>>
}

export const tools: Readonly<Record<ToolName, Tool>>

/** Looks for every tool, and gets what is missing where it may. @throws SetupFailure where nothing may be missing */
export function getTools(given?: {
  readonly quiet?: boolean
  readonly wanted?: Readonly<Record<string, Tool>>
  readonly places?: { readonly path?: string; readonly system?: readonly string[] }
  readonly mayInstall?: boolean
  readonly mustHaveAll?: boolean
  readonly file?: string
  readonly tell?: (line: string) => void
}): void

/** The path of a tool as the last set-up found it, else looked for now; undefined where there is none. */
export function findTool(name: ToolName): string | undefined

/** Whether CI runs the suites. */
export function inCi(): boolean

/** Whether a missing tool is a failure: in CI, on the distribution that has all of them. */
export function mustHaveAll(): boolean
