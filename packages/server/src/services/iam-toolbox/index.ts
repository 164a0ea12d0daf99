import { type Served, serveApi } from '../../authorization/index.ts'
import type { IamToolbox } from '../../model/index.ts'
import { authorizationDetails } from './authorization-details.ts'

/** The decision about a denied request (a preview of AWS's). */
export const iamToolbox = serveApi('iam-toolbox', {
  ...authorizationDetails,
} satisfies Served<IamToolbox.Operations>)
