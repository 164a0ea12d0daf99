export { Deliverer, type DeliveryParts } from './deliverer.ts'
export { folderTarget } from './folder.ts'
export { type S3Endpoint, s3Target } from './s3.ts'
export { type DeliveredObject, DeliveryFailure, type TrailTarget } from './target.ts'
