import { type Account, defineTable } from '../../directory/index.ts'

/** A service-linked role's deletion, as it was asked for. */
export interface DeletionTask {
  /** `task/aws-service-role/PRINCIPAL/ROLE/UUID`. */
  readonly id: string
  readonly endedAt: number
}

const deletionTasks = defineTable<DeletionTask>({ kind: 'iam/deletion-task', key: (r) => r.id })

/** Tasks remembered of one account; older ones are forgotten. */
const tasksKept = 1_000

export function keepTask(account: Account, task: DeletionTask): void {
  const table = account.table(deletionTasks)
  if (table.size >= tasksKept) {
    for (const oldest of table.values()) {
      table.delete(oldest.id)
      break
    }
  }
  table.put(task)
}

export function findTask(account: Account, id: string): DeletionTask | undefined {
  return account.table(deletionTasks).find(id)
}
