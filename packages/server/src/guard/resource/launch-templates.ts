import type { Call } from '../../authorization/index.ts'
import { parseXml, type XmlElement } from '../../wire/index.ts'
import { ask } from '../ask.ts'
import type { Upstream } from '../upstream.ts'

/** The content of a launch template: its id, and the name of an instance profile, none, or an unreadable one. */
export interface LaunchTemplate {
  readonly id: string | undefined
  readonly profile: { readonly name: string } | 'none' | 'unknown'
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
  return { id, profile: profileIn(versions) }
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
