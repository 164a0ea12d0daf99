/** What suites may need beyond npm. */
export type ToolName =
  | 'awsCli'
  | 'boto3'
  | 'awscrt'
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

export const tools: Readonly<Record<ToolName, { readonly label: string; readonly debian: string }>>

/** The path of a tool as the last set-up found it, else looked for now; undefined where there is none. */
export function findTool(name: ToolName): string | undefined

/** Whether a missing tool is a failure. */
export function inCi(): boolean
