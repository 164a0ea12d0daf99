import { services } from '../../../authorization/catalogue/index.ts'

/** Names of services in reports that are not those of the service authorization reference (behaviour RPT-51). */
const names: ReadonlyMap<string, string> = new Map([['iam', 'AWS Identity and Access Management']])

/** Returns the name of a service as reports show it. */
export function serviceName(namespace: string): string {
  return names.get(namespace) ?? services().get(namespace) ?? namespace
}
