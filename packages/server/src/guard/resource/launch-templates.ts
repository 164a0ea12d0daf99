import type { Call } from '../../authorization/index.ts'
import { parseXml, type XmlElement } from '../../wire/index.ts'
import { ask } from '../ask.ts'
import { type Input, templateForm } from '../catalogue/index.ts'
import type { Upstream } from '../upstream.ts'
import { membersOf } from './answers.ts'
import { givenBy } from './launches.ts'

/**
 * The content of a launch template: its id, the name of an instance profile, none, or an unreadable one, and what it gives a
 * launch, if that is known.
 */
export interface LaunchTemplate {
  readonly id: string | undefined
  readonly profile: { readonly name: string } | 'none' | 'unknown'
  readonly gives?: Input
}

/**
 * A launch template of the upstream (behaviour GRD-46). It is read each time, because templates can change at any
 * moment. @param named what names the template and its version, as a form @throws NoReply if the upstream does not
 * answer
 */
export async function launchTemplate(
  named: string,
  { account, region }: Call,
  upstream: Upstream,
): Promise<LaunchTemplate> {
  const action = { Action: 'DescribeLaunchTemplateVersions', Version: '2016-11-15' }
  const { status, text } = await ask(
    {
      account: account.id,
      region,
      service: 'ec2',
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${new URLSearchParams(action)}&${named}`,
    },
    upstream,
  )
  // a missing template passes no role
  if (status !== 200)
    return { id: undefined, profile: /<Code>InvalidLaunchTemplate\w*\./.test(text) ? 'none' : 'unknown' }
  const versions = childrenOf(childrenOf([parseXml(text)], 'launchTemplateVersionSet'), 'item')
  const [id] = childrenOf(versions, 'launchTemplateId').map((each) => each.text.trim())
  const [data, second] = childrenOf(versions, 'launchTemplateData')
  const gives = data === undefined || second !== undefined ? undefined : givenBy(data)
  return { id, profile: profileIn(versions), ...(gives !== undefined && { gives }) }
}

/** The name of a template and its version, as a form; undefined if a launch names none. */
export function templateNamed(launch: Input): string | undefined {
  const { LaunchTemplateId, LaunchTemplateName, Version } = membersOf(launch.LaunchTemplate)
  const [member, name] =
    LaunchTemplateId === undefined ? ['Name', LaunchTemplateName] : ['Id', LaunchTemplateId]
  return typeof name === 'string' && name !== ''
    ? templateForm(`LaunchTemplate${member}`, name, typeof Version === 'string' ? Version : undefined)
    : undefined
}

function profileIn(versions: readonly XmlElement[]): LaunchTemplate['profile'] {
  if (versions.length === 0) return 'none'
  const data = childrenOf(versions, 'launchTemplateData')
  if (versions.length > 1 || data.length !== 1) return 'unknown'
  const profile = childrenOf(data, 'iamInstanceProfile')
  const [name] = [...childrenOf(profile, 'arn'), ...childrenOf(profile, 'name')].map((each) =>
    each.text.trim(),
  )
  return name === undefined || name === '' ? 'none' : { name: name.slice(name.lastIndexOf('/') + 1) }
}

function childrenOf(elements: readonly (XmlElement | undefined)[], name: string): readonly XmlElement[] {
  return elements.flatMap((element) => element?.children.filter((child) => child.name === name) ?? [])
}
