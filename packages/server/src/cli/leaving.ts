import { endpointVariables } from '../base/index.ts'
import { awsFiles, readAwsFile, settingsOf } from './aws-file.ts'
import type { Environment } from './environment-keys.ts'

/**
 * The settings of an environment that lead AWS clients away from the server at this address: a sentence for each, none if all their
 * calls arrive there.
 */
export function whatLeaves(url: string, environment: Environment): readonly string[] {
  const here = new URL(url)
  const isHere = (text: string) => URL.canParse(text) && new URL(text).origin === here.origin
  const endpoints = endpointsIn(environment)
  const said = endpoints
    .filter(([, text]) => !isHere(text))
    .map(([name, text]) => `${name}=${text} is not this server`)
  if (isTrue(environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS))
    said.push('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS makes clients go to AWS')
  if (endpoints.length > 0) said.push(...missingIn(endpoints.map(([name]) => name)))
  return [
    ...said,
    ...leftByProfile(environment, endpoints.length > 0, isHere),
    ...leftByProxy(here, environment),
  ]
}

/** The endpoint variables of an environment, each with its value. */
export function endpointsIn(environment: Environment): readonly (readonly [name: string, url: string])[] {
  return Object.entries(environment).flatMap(([name, url]) =>
    /^AWS_ENDPOINT_URL(?:_|$)/.test(name) && url ? [[name, url] as const] : [],
  )
}

/** Returns the services whose calls go to AWS though some endpoint is set (behaviour SHL-70). */
function missingIn(names: readonly string[]): readonly string[] {
  const [all, sts] = Object.keys(endpointVariables('')) as [string, string] // the record has these two
  if (!names.includes(all)) return [`without ${all} the services that have no variable are called at AWS`]
  if (names.includes(sts)) return []
  return [`without ${sts} the SDK for Go v2 and Terraform assume roles of profiles at AWS’s own STS`]
}

/** Returns the endpoints that the profile of the environment leaves out. */
function leftByProfile(
  environment: Environment,
  isNamed: boolean,
  isHere: (url: string) => boolean,
): readonly string[] {
  const profile = environment.AWS_PROFILE || environment.AWS_DEFAULT_PROFILE
  if (!profile) return []
  const text = readAwsFile(awsFiles(environment).config)
  const settings = settingsOf(text, profile === 'default' ? profile : `profile ${profile}`)
  if (settings === undefined) return []
  if (isTrue(settings.get('ignore_configured_endpoint_urls')))
    return [`ignore_configured_endpoint_urls of the profile ${profile} makes clients go to AWS`]
  const endpoint = settings.get('endpoint_url')
  if (isNamed) return [] // variables count before the file
  if (endpoint === undefined) return [`the profile ${profile} has no endpoint_url: its calls go to AWS`]
  if (!isHere(endpoint)) return [`endpoint_url=${endpoint} of the profile ${profile} is not this server`]
  return settings.has('services')
    ? []
    : [
        `the profile ${profile} has no services: the SDK for Go v2 and Terraform assume its role at AWS’s own STS`,
      ]
}

/** A proxy takes calls to this machine as well, unless NO_PROXY names it (behaviour SHL-72). */
function leftByProxy(here: URL, environment: Environment): readonly string[] {
  const name = here.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const proxy = environment[name.toLowerCase()] || environment[name]
  if (!proxy) return []
  const except = (environment.no_proxy || environment.NO_PROXY || '').split(',').map((each) => each.trim())
  const isExcepted = except.some((each) => each === '*' || (each !== '' && isWithin(here.hostname, each)))
  return isExcepted ? [] : [`${name} takes calls to ${here.hostname}: set NO_PROXY=${here.hostname}`]
}

function isWithin(host: string, name: string): boolean {
  const bare = name.replace(/^\./, '')
  return host === bare || host.endsWith(`.${bare}`)
}

function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true'
}
