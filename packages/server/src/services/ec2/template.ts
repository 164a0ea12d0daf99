import type { Call } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Ec2 } from '../../model/index.ts'
import { invalidCombination, invalidValue, missing } from './faults.ts'
import { isResourceId } from './ids.ts'
import {
  type LaunchTemplate,
  type LaunchTemplateVersion,
  launchTemplates,
  launchTemplateVersions,
} from './records.ts'

/** How a request names a template. */
export interface TemplateName {
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
}

export type TemplateData = Ec2.RequestLaunchTemplateData

/** Returns the template, if the account has it in this region. */
export function findTemplate(named: TemplateName | undefined, call: Call): LaunchTemplate | undefined {
  if (named === undefined) return undefined
  const table = call.account.table(launchTemplates)
  const { LaunchTemplateId: id, LaunchTemplateName: name } = named
  const template =
    id === undefined
      ? name === undefined
        ? undefined
        : table.findBy('name', `${call.region}\n${name}`)
      : table.find(id)
  return template?.region === call.region ? template : undefined
}

/** @throws Fault if the template is named wrongly or missing (behaviour EC2-55) */
export function getTemplate(named: TemplateName, call: Call): LaunchTemplate {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = named
  if (id !== undefined && name !== undefined) {
    throw invalidCombination('Either LaunchTemplateId or LaunchTemplateName may be specified, but not both.')
  }
  if (id === undefined && name === undefined) throw missing('LaunchTemplateId')
  const template = findTemplate(named, call)
  if (template !== undefined) return template
  if (id !== undefined && !isResourceId('lt', id))
    throw fault('InvalidLaunchTemplateId.Malformed', `Invalid id: "${id}" (expecting "lt-...")`, 400)
  throw id === undefined
    ? fault(
        'InvalidLaunchTemplateName.NotFoundException',
        `The specified launch template, with template name ${name}, does not exist.`,
        400,
      )
    : fault(
        'InvalidLaunchTemplateId.NotFound',
        `The specified launch template, with template ID ${id}, does not exist.`,
        400,
      )
}

/** Returns the version of `$Default`, `$Latest`, a number or nothing. */
export function findVersion(
  template: LaunchTemplate,
  version: string | undefined,
  call: Call,
): LaunchTemplateVersion | undefined {
  const number = versionNumber(template, version)
  return number === undefined
    ? undefined
    : call.account.table(launchTemplateVersions).find(versionId(template.id, number))
}

/** @throws Fault if the template lacks the version */
export function getVersion(
  template: LaunchTemplate,
  version: string | undefined,
  call: Call,
): LaunchTemplateVersion {
  if (versionNumber(template, version) === undefined)
    throw invalidValue('LaunchTemplateVersion', version ?? '', 'Expected a number, $Latest or $Default.')
  const templateVersion = findVersion(template, version, call)
  if (templateVersion !== undefined) return templateVersion
  throw fault(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find the specified version ${version} for the launch template with ID ${template.id}.`,
    400,
  )
}

export function versionId(templateId: string, number: number): string {
  return `${templateId}/${number}`
}

function versionNumber(template: LaunchTemplate, version: string | undefined): number | undefined {
  if (version === undefined || version === '' || version === '$Default') return template.defaultVersion
  if (version === '$Latest') return template.latestVersion
  return /^[1-9]\d{0,8}$/.test(version) ? Number(version) : undefined
}
