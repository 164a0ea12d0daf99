import { type AccessRequest, type Call, callerArn, family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { describes } from '../described.ts'
import { invalidParameter, missing } from '../faults.ts'
import { ec2Arn, newResourceId } from '../ids.ts'
import { wholeSecond } from '../instant.ts'
import { limits } from '../limits.ts'
import {
  type LaunchTemplate,
  type LaunchTemplateVersion,
  launchTemplates,
  launchTemplateVersions,
} from '../records.ts'
import { filters } from '../shown-filters.ts'
import { checkTags, createTagsRequest, requestTagKeys, resourceTagKeys, tagsByKind } from '../tag.ts'
import {
  findTemplate,
  findVersion,
  getTemplate,
  getVersion,
  type TemplateData,
  type TemplateName,
  versionId,
} from '../template.ts'

/**
 * Launch templates. A template may name any role's profile: nothing is passed until the template is used, and its user
 * must then be allowed to pass it (behaviour EC2-16).
 */
export const launchTemplate = family<Ec2.Operations>()({
  CreateLaunchTemplate: {
    requests(input, call) {
      const arn = ec2Arn(call, call.account.id, 'launch-template', '*')
      const tags = tagsByKind(input.TagSpecifications).get('launch-template')
      return [
        { action: 'ec2:CreateLaunchTemplate', resource: arn, context: requestTagKeys(tags) },
        ...createTagsRequest(arn, tags, call),
      ]
    },
    run(input, call) {
      checkName(input.LaunchTemplateName)
      const byKind = tagsByKind(input.TagSpecifications)
      checkTags(byKind, ['launch-template'])
      const table = call.account.table(launchTemplates)
      if (findTemplate({ LaunchTemplateName: input.LaunchTemplateName }, call) !== undefined) {
        throw fault(
          'InvalidLaunchTemplateName.AlreadyExistsException',
          'Launch template name already in use.',
          400,
        )
      }
      checkRoom(table.values(), call)
      const template: LaunchTemplate = {
        id: newResourceId('lt', call.deps.random),
        region: call.region,
        createdAt: call.now,
        tags: byKind.get('launch-template') ?? [],
        name: input.LaunchTemplateName,
        createdBy: callerArn(call) ?? call.account.id,
        defaultVersion: 1,
        latestVersion: 1,
      }
      table.put(template)
      addVersion(template, 1, input.VersionDescription, input.LaunchTemplateData, call)
      return { LaunchTemplate: templateOut(template) }
    },
  },
  CreateLaunchTemplateVersion: {
    requests: onTemplate,
    run(input, call) {
      const before = getTemplate(input, call)
      const number = before.latestVersion + 1
      if (number > limits.versionsPerTemplate) {
        throw fault(
          'VersionLimitExceeded',
          `You have reached the maximum number of versions (${limits.versionsPerTemplate}) for the launch template.`,
          400,
        )
      }
      const source =
        input.SourceVersion === undefined ? {} : getVersion(before, input.SourceVersion, call).data
      const data = { ...source, ...given(input.LaunchTemplateData) }
      const template = { ...before, latestVersion: number }
      call.account.table(launchTemplates).put(template)
      const version = addVersion(template, number, input.VersionDescription, data, call)
      return { LaunchTemplateVersion: versionOut(template, version) }
    },
  },
  ModifyLaunchTemplate: {
    requests: onTemplate,
    run(input, call) {
      const before = getTemplate(input, call)
      if (input.DefaultVersion === undefined) throw missing('SetDefaultVersion')
      const template = { ...before, defaultVersion: getVersion(before, input.DefaultVersion, call).number }
      call.account.table(launchTemplates).put(template)
      return { LaunchTemplate: templateOut(template) }
    },
  },
  DeleteLaunchTemplate: {
    requests: onTemplate,
    run(input, call) {
      const template = getTemplate(input, call)
      const versions = call.account.table(launchTemplateVersions)
      for (let number = 1; number <= template.latestVersion; number++)
        versions.delete(versionId(template.id, number))
      call.account.table(launchTemplates).delete(template.id)
      return { LaunchTemplate: templateOut(template) }
    },
  },
  DeleteLaunchTemplateVersions: {
    requests: onTemplate,
    run(input, call) {
      const template = getTemplate(input, call)
      if (input.Versions.length > 200)
        throw invalidParameter('No more than 200 versions may be given in one call.')
      const done: Ec2.DeleteLaunchTemplateVersionsResponseSuccessItem[] = []
      const failed: Ec2.DeleteLaunchTemplateVersionsResponseErrorItem[] = []
      for (const text of new Set(input.Versions)) {
        const version = findVersion(template, text, call)
        const item = {
          LaunchTemplateId: template.id,
          LaunchTemplateName: template.name,
          VersionNumber: version?.number ?? Number(text),
        }
        if (version === undefined) failed.push({ ...item, ResponseError: versionMissing(template, text) })
        else if (version.number === template.defaultVersion) throw defaultVersionStays(template)
        else {
          call.account.table(launchTemplateVersions).delete(version.id)
          done.push(item)
        }
      }
      return {
        SuccessfullyDeletedLaunchTemplateVersions: done,
        UnsuccessfullyDeletedLaunchTemplateVersions: failed,
      }
    },
  },
  DescribeLaunchTemplates: describes(
    (ids = [], call, { LaunchTemplateNames: names = [] }: Ec2.DescribeLaunchTemplatesRequest) => {
      const namedTemplates = [
        ...ids.map((id) => getTemplate({ LaunchTemplateId: id }, call)),
        ...names.map((name) => getTemplate({ LaunchTemplateName: name }, call)),
      ]
      return namedTemplates.length > 0 ? [...new Set(namedTemplates)] : templatesHere(call)
    },
    {
      ids: 'LaunchTemplateIds',
      list: 'LaunchTemplates',
      smallestPage: 1,
      show: () => templateOut,
      filters: filters.DescribeLaunchTemplates,
    },
  ),
  DescribeLaunchTemplateVersions: describes(
    (asked, call, input: Ec2.DescribeLaunchTemplateVersionsRequest) => {
      const namesTemplate = input.LaunchTemplateId !== undefined || input.LaunchTemplateName !== undefined
      const versions = namesTemplate
        ? versionsOf(getTemplate(input, call), input, call)
        : everywhere(asked, call)
      return versions.map(newestFirst)
    },
    {
      ids: 'Versions',
      list: 'LaunchTemplateVersions',
      smallestPage: 1,
      untagged: true,
      show(call) {
        const table = call.account.table(launchTemplates)
        // each version's template exists: they are deleted together
        return ({ version }) => versionOut(table.find(version.templateId)!, version)
      },
      filters: filters.DescribeLaunchTemplateVersions,
      hidden: () => ({
        'iam-instance-profile': ({ version: { data } }) =>
          data.IamInstanceProfile?.Arn ?? data.IamInstanceProfile?.Name,
      }),
    },
  ),
})

/** Versions are listed from the newest down: the page's order is that of a number that decreases. */
function newestFirst(version: LaunchTemplateVersion) {
  return { version, id: version.templateId, createdAt: 1_000_000_000 - version.number }
}

/** Returns the template's ARN with its tags; a missing one is asked as any template. */
function onTemplate(input: TemplateName, call: Call): readonly AccessRequest[] {
  const template = findTemplate(input, call)
  const resource = ec2Arn(call, call.account.id, 'launch-template', template?.id ?? '*')
  return [{ action: `ec2:${call.operation.name}`, resource, context: resourceTagKeys(template?.tags ?? []) }]
}

function checkName(name: string): void {
  if (/^[a-zA-Z0-9().\-/_]{3,128}$/.test(name)) return
  throw fault(
    'InvalidLaunchTemplateName.MalformedException',
    'A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.',
    400,
  )
}

function checkRoom(templates: Iterable<LaunchTemplate>, call: Call): void {
  let here = 0
  for (const { region } of templates) if (region === call.region) here++
  if (here >= limits.templatesPerRegion) {
    throw fault(
      'LaunchTemplateLimitExceeded',
      `You have reached the maximum number of launch templates (${limits.templatesPerRegion}) for this Region.`,
      400,
    )
  }
}

function addVersion(
  template: LaunchTemplate,
  number: number,
  description: string | undefined,
  data: TemplateData,
  call: Call,
): LaunchTemplateVersion {
  const version: LaunchTemplateVersion = {
    id: versionId(template.id, number),
    templateId: template.id,
    number,
    ...(description === undefined ? {} : { description }),
    createdAt: call.now,
    createdBy: callerArn(call) ?? call.account.id,
    data: given(data),
  }
  call.account.table(launchTemplateVersions).put(version)
  return version
}

/** Removes absent members, so that a record equals what is read back. */
function given(data: TemplateData): TemplateData {
  if (JSON.stringify(data).length > limits.templateData)
    throw invalidParameter(`Launch template data has no more than ${limits.templateData} characters.`)
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined))
}

function templatesHere(call: Call): readonly LaunchTemplate[] {
  return [...call.account.table(launchTemplates).values()].filter(({ region }) => region === call.region)
}

/** Returns a template's versions: those named, or those between two numbers, or all. */
function versionsOf(
  template: LaunchTemplate,
  input: Ec2.DescribeLaunchTemplateVersionsRequest,
  call: Call,
): readonly LaunchTemplateVersion[] {
  if (input.Versions !== undefined && input.Versions.length > 0)
    return input.Versions.slice(0, 200).map((text) => getVersion(template, text, call))
  const first = input.MinVersion === undefined ? 1 : getVersion(template, input.MinVersion, call).number
  const last =
    input.MaxVersion === undefined
      ? template.latestVersion
      : getVersion(template, input.MaxVersion, call).number
  const versions: LaunchTemplateVersion[] = []
  for (let number = last; number >= first; number--) {
    const version = findVersion(template, String(number), call)
    if (version !== undefined) versions.push(version)
  }
  return versions
}

/** Without a template's name, only `$Latest` and `$Default` may be requested, of every template. */
function everywhere(versions: readonly string[] | undefined, call: Call): readonly LaunchTemplateVersion[] {
  if (versions === undefined || versions.length === 0) throw missing('LaunchTemplateId')
  if (versions.some((text) => text !== '$Latest' && text !== '$Default'))
    throw invalidParameter('Only $Latest and $Default may be given without a launch template.')
  return templatesHere(call).flatMap((template) =>
    [...new Set(versions.map((text) => findVersion(template, text, call)))].filter(
      (each) => each !== undefined,
    ),
  )
}

function templateOut(template: LaunchTemplate): Ec2.LaunchTemplate {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    CreateTime: wholeSecond(template.createdAt),
    CreatedBy: template.createdBy,
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: template.latestVersion,
    Operator: { Managed: false },
    Tags: template.tags.length === 0 ? undefined : template.tags,
  }
}

function versionOut(template: LaunchTemplate, version: LaunchTemplateVersion): Ec2.LaunchTemplateVersion {
  return {
    LaunchTemplateId: template.id,
    LaunchTemplateName: template.name,
    VersionNumber: version.number,
    VersionDescription: version.description,
    CreateTime: wholeSecond(version.createdAt),
    CreatedBy: version.createdBy,
    DefaultVersion: version.number === template.defaultVersion,
    LaunchTemplateData: version.data as Ec2.ResponseLaunchTemplateData, // returned as it was given
  }
}

function versionMissing(template: LaunchTemplate, version: string): Ec2.ResponseError {
  return {
    Code: 'launchTemplateVersionDoesNotExist',
    Message: `Version ${version} of launch template ${template.id} does not exist.`,
  }
}

function defaultVersionStays(template: LaunchTemplate) {
  return fault(
    'InvalidParameterValue',
    `The default version ${template.defaultVersion} of launch template ${template.id} cannot be deleted.`,
    400,
  )
}
