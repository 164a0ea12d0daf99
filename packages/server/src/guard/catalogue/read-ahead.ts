import { managedPolicies, passRoleRowsOf } from '../../authorization/catalogue/index.ts'
import { guardCatalogue } from './services.ts'

/** Reads the catalogues that decisions are made by; what each service's part holds is read at its first call. */
export function readAhead(): void {
  guardCatalogue()
  managedPolicies()
  passRoleRowsOf('')
}
