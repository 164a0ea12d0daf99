import { family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { CenterPlace } from '../../center/index.ts'
import { centerQuotas, centers } from '../../directory/index.ts'
import type { SsoAdmin } from '../../model/index.ts'
import { invalid, notFound, tooMany, within } from './operation.ts'

/** Attributes for access control: attributes of users that are tags of their sessions. */
export const attributes = family<SsoAdmin.Operations>()({
  CreateInstanceAccessControlAttributeConfiguration: within({
    run(input: SsoAdmin.CreateInstanceAccessControlAttributeConfigurationRequest, place) {
      if (place.center.attributes !== undefined)
        throw fault('ConflictException', 'The instance has attributes for access control already.', 400)
      return put(input.InstanceAccessControlAttributeConfiguration, place)
    },
  }),
  UpdateInstanceAccessControlAttributeConfiguration: within({
    run(input: SsoAdmin.UpdateInstanceAccessControlAttributeConfigurationRequest, place) {
      attributesOf(place)
      return put(input.InstanceAccessControlAttributeConfiguration, place)
    },
  }),
  DescribeInstanceAccessControlAttributeConfiguration: within({
    run: (_input: SsoAdmin.DescribeInstanceAccessControlAttributeConfigurationRequest, place) => ({
      Status: 'ENABLED' as const,
      InstanceAccessControlAttributeConfiguration: {
        AccessControlAttributes: attributesOf(place).map(({ key, sources }) => ({
          Key: key,
          Value: { Source: sources },
        })),
      },
    }),
  }),
  DeleteInstanceAccessControlAttributeConfiguration: within({
    run(_input: SsoAdmin.DeleteInstanceAccessControlAttributeConfigurationRequest, place) {
      attributesOf(place)
      const { attributes: _, ...center } = place.center
      place.owner.table(centers).put(center)
      return {}
    },
  }),
})

function put(
  { AccessControlAttributes: given }: SsoAdmin.InstanceAccessControlAttributeConfiguration,
  { center, owner }: CenterPlace,
): Record<string, never> {
  if (given.length > centerQuotas.attributes) throw tooMany('There are too many attributes.')
  if (new Set(given.map(({ Key }) => Key)).size !== given.length)
    throw invalid('An attribute is given twice.')
  const attributes = given.map(({ Key: key, Value }) => ({ key, sources: Value.Source }))
  owner.table(centers).put({ ...center, attributes: attributes })
  return {}
}

function attributesOf({ center: { attributes: known } }: CenterPlace) {
  if (known === undefined) throw notFound('The instance has no attributes for access control.')
  return known
}
