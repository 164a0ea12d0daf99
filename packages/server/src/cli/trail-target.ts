import { Secret, systemClock } from '../base/index.ts'
import { folderTarget, type LakePlace, parseLake, s3Target, type TrailTarget } from '../delivery/index.ts'
import { badConfiguration, badSyntax } from './failure.ts'

/** The target of trails, from the command line and the environment. @throws CommandFailure */
export function trailTargetOf(
  options: { readonly trailFolder?: string; readonly trailEndpoint?: string },
  environment: Readonly<Record<string, string | undefined>>,
): TrailTarget | undefined {
  if (options.trailFolder !== undefined) return folderTarget(options.trailFolder)
  if (options.trailEndpoint === undefined) return undefined
  if (!/^https?:$/.test(URL.parse(options.trailEndpoint)?.protocol ?? ''))
    throw badSyntax(`--trail-endpoint takes a URL, not ${options.trailEndpoint}`)
  const { OMEN_TRAIL_ACCESS_KEY_ID: accessKeyId, OMEN_TRAIL_SECRET_ACCESS_KEY: secret } = environment
  if (!accessKeyId || !secret)
    throw badConfiguration('--trail-endpoint needs OMEN_TRAIL_ACCESS_KEY_ID and OMEN_TRAIL_SECRET_ACCESS_KEY')
  const region = environment.OMEN_TRAIL_REGION ?? 'us-east-1'
  return s3Target(
    { url: options.trailEndpoint, region, accessKeyId, secret: new Secret(secret) },
    systemClock,
  )
}

/** The lake of `--lake`, in the bucket store that trails deliver to. @throws CommandFailure */
export function lakeOf(lake: string | undefined, target: TrailTarget | undefined): LakePlace | undefined {
  if (lake === undefined) return undefined
  const place = parseLake(lake)
  if (place === undefined) throw badSyntax(`--lake takes s3://bucket or s3://bucket/prefix, not ${lake}`)
  if (target === undefined)
    throw badSyntax('--lake needs --trail-endpoint or --trail-folder: where the bucket is')
  return { ...place, target }
}
