import {
  globalKeys,
  passRoleTable,
  regions,
  serviceInfo,
  services,
} from '../../authorization/catalogue/index.ts'
import { rcpServices } from '../../authorization/index.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'

let principals: readonly string[] | undefined

/** The services that roles are handed to, sorted. */
function servicePrincipals(): readonly string[] {
  principals ??= [
    ...new Set([...passRoleTable().values()].flatMap((rows) => rows.flatMap(({ passedTo }) => passedTo))),
  ].sort()
  return principals
}

/**
 * The vocabulary of policies: services, their actions, resources and condition keys. Public facts, for any signer.
 */
export function catalogueRoutes(): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/api\/catalogue$/,
      by: 'signer',
      answer: () => ({
        services: [...services().keys()],
        globalKeys,
        regions: [...regions],
        servicePrincipals: servicePrincipals(),
        rcpServices: [...rcpServices],
      }),
    },
    {
      method: 'GET',
      path: /^\/_omen\/api\/catalogue\/([a-z0-9-]{1,64})$/,
      by: 'signer',
      answer([prefix = '']) {
        const service = serviceInfo(prefix)
        if (service === undefined) throw new Refusal(404, `AWS has no service ${prefix}.`)
        return {
          prefix,
          title: service.title,
          conditionKeys: service.conditionKeys.map(({ key }) => key),
          resourceTypes: Object.fromEntries(service.resourceTypes),
          actions: service.actions.map(({ name, description, accessLevel, resources, conditionKeys }) => ({
            name,
            description,
            accessLevel,
            resources,
            conditionKeys,
          })),
        }
      },
    },
  ]
}
