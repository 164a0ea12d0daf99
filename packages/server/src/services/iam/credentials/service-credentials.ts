import { type Call, type ContextKeys, family } from '../../../authorization/index.ts'
import { type AccountId, newId } from '../../../base/index.ts'
import { type User, users } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { ageKey } from '../by-age.ts'
import { limitExceeded, noSuchEntity, validationError } from '../faults.ts'
import { page, sortedBy } from '../page.ts'
import { actionOf } from '../target.ts'
import { findOwned, ownedBy } from './owned.ts'
import { asksUser, getUser, type OfUser } from './owner.ts'
import { type ServiceCredential, serviceCredentials } from './records.ts'
import { isActive, statusOut } from './status.ts'

/** Services with such credentials; those with a prefix have API keys, which may expire (behaviour CRED-60). */
const services: ReadonlyMap<string, { readonly apiKeyPrefix?: string }> = new Map([
  ['codecommit.amazonaws.com', {}],
  ['cassandra.amazonaws.com', {}],
  ['bedrock.amazonaws.com', { apiKeyPrefix: 'ABSK' }],
  ['logs.amazonaws.com', { apiKeyPrefix: 'ACWL' }],
])

const mostPerService = 2
const secretLength = 32
const secretPurpose = 'service-credential'
const day = 86_400_000

type OfCredential = OfUser & { readonly ServiceSpecificCredentialId: string }

/** Credentials of users for single services. */
export const serviceCredentialFamily = family<Iam.Operations>()({
  CreateServiceSpecificCredential: {
    ...asksUser((input: Iam.CreateServiceSpecificCredentialRequest) => ({
      'iam:ServiceSpecificCredentialServiceName': input.ServiceName,
      'iam:ServiceSpecificCredentialAgeDays': input.CredentialAgeDays,
    })),
    run(input, call) {
      const user = getUser(input, call)
      const { ServiceName, CredentialAgeDays } = input
      checkService(ServiceName)
      if (CredentialAgeDays !== undefined && prefixOf(ServiceName) === undefined) {
        throw validationError(`CredentialAgeDays is not supported for service ${ServiceName}`)
      }
      const names = new Set<string>()
      for (const other of ownedBy(user.id, serviceCredentials, call.account)) {
        if (other.service === ServiceName) names.add(other.publicName)
      }
      if (names.size >= mostPerService) {
        throw limitExceeded(`Cannot exceed quota for ServiceSpecificCredentialsPerUser: ${mostPerService}`)
      }
      const publicName = freeName(user, call.account.id, names)
      const { secret, sealedSecret } = newSecret(ServiceName, publicName, call)
      const credential: ServiceCredential = {
        id: newId('ACCA', call.account.id, call.deps.random),
        owner: user.id,
        service: ServiceName,
        publicName,
        sealedSecret,
        active: true,
        createdAt: call.now,
        ...(CredentialAgeDays === undefined ? {} : { expiresAt: call.now + CredentialAgeDays * day }),
      }
      call.account.table(serviceCredentials).put(credential)
      return { ServiceSpecificCredential: withSecret(credential, secret, user.name, call) }
    },
  },
  ListServiceSpecificCredentials: {
    requests(input, call) {
      return input.AllUsers === true
        ? [{ action: actionOf(call), resource: '*' }]
        : asksUser().requests(input, call)
    },
    run(input, call) {
      const { ServiceName, AllUsers, UserName } = input
      if (ServiceName !== undefined) checkService(ServiceName)
      if (AllUsers === true && UserName !== undefined) {
        throw validationError('AllUsers cannot be specified together with UserName')
      }
      const all =
        AllUsers === true
          ? sortedBy(call.account.table(serviceCredentials).values(), ageKey)
          : ownedBy(getUser(input, call).id, serviceCredentials, call.account)
      const { items, rest } = page(
        all,
        ageKey,
        input,
        (each) => ServiceName === undefined || each.service === ServiceName,
      )
      return { ServiceSpecificCredentials: items.map((each) => metadataOut(each, call)), ...rest }
    },
  },
  ResetServiceSpecificCredential: {
    ...asksUser(serviceKey),
    run(input, call) {
      const credential = getCredential(input, call)
      const { secret, sealedSecret } = newSecret(credential.service, credential.publicName, call)
      call.account.table(serviceCredentials).put({ ...credential, sealedSecret })
      return { ServiceSpecificCredential: withSecret(credential, secret, nameOf(credential, call), call) }
    },
  },
  UpdateServiceSpecificCredential: {
    ...asksUser(serviceKey),
    run(input, call) {
      const credential = getCredential(input, call)
      call.account.table(serviceCredentials).put({ ...credential, active: isActive(input.Status) })
    },
  },
  DeleteServiceSpecificCredential: {
    ...asksUser(serviceKey),
    run(input, call) {
      call.account.table(serviceCredentials).delete(getCredential(input, call).id)
    },
  },
})

/** Returns the service of an existing credential, as a condition key. */
function serviceKey(input: OfCredential, call: Call): ContextKeys {
  const credential = call.account.table(serviceCredentials).find(input.ServiceSpecificCredentialId)
  return { 'iam:ServiceSpecificCredentialServiceName': credential?.service }
}

/** @throws Fault NoSuchEntity */
function checkService(service: string): void {
  if (services.has(service)) return
  throw noSuchEntity(`No such service ${service} is supported for Service Specific Credentials`)
}

function prefixOf(service: string): string | undefined {
  return services.get(service)?.apiKeyPrefix
}

function getCredential(input: OfCredential, call: Call): ServiceCredential {
  const id = input.ServiceSpecificCredentialId
  const credential = findOwned(getUser(input, call).id, id, serviceCredentials, call.account)
  if (credential === undefined) throw noSuchEntity(`No such credential ${id} exists`)
  return credential
}

/** Returns `jane-at-123456789012`, or `jane+1-at-123456789012` if that is taken. */
function freeName(user: User, account: AccountId, taken: ReadonlySet<string>): string {
  const first = `${user.name}-at-${account}`
  return taken.has(first) ? `${user.name}+1-at-${account}` : first
}

function newSecret(service: string, publicName: string, call: Call) {
  const chance = Buffer.from(call.deps.random.bytes(secretLength)).toString('base64')
  const prefix = prefixOf(service)
  const secret =
    prefix === undefined ? chance : prefix + Buffer.from(`${publicName}:${chance}`).toString('base64')
  return { secret, sealedSecret: call.deps.vault.sealText(secretPurpose, secret) }
}

function nameOf(credential: ServiceCredential, call: Call): string {
  return call.account.table(users).find(credential.owner)?.name ?? ''
}

/** Returns a credential with its secret, which no later answer contains. */
function withSecret(
  credential: ServiceCredential,
  secret: string,
  userName: string,
  call: Call,
): Iam.ServiceSpecificCredential {
  const view =
    prefixOf(credential.service) === undefined
      ? { ServicePassword: secret }
      : { ServiceCredentialSecret: secret }
  return { ...metadataOut(credential, call), ...view, UserName: userName }
}

function metadataOut(credential: ServiceCredential, call: Call): Iam.ServiceSpecificCredentialMetadata {
  const { id, service, publicName, active, createdAt, expiresAt } = credential
  return {
    UserName: nameOf(credential, call),
    Status: expiresAt !== undefined && expiresAt <= call.now ? 'Expired' : statusOut(active),
    ...(prefixOf(service) === undefined
      ? { ServiceUserName: publicName }
      : { ServiceCredentialAlias: publicName }),
    CreateDate: createdAt,
    ExpirationDate: expiresAt,
    ServiceSpecificCredentialId: id,
    ServiceName: service,
  }
}
