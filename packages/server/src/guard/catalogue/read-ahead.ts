import { managedPolicies, passRoleRowsOf } from '../../authorization/catalogue/index.ts'
import { guardCatalogue } from './services.ts'

/** Reads the catalogues that decisions need; each service's part is read at its first call. */
export function readAhead(): void {
  guardCatalogue()
  managedPolicies()
  passRoleRowsOf('')
}
