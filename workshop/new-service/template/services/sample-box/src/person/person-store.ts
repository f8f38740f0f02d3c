import { sql, type Tx } from '@sandkeep/postgres'

/** Keeps what is known of a person. */
export async function savePerson(tx: Tx, { id, username }: { id: string; username: string }): Promise<void> {
  await tx.run(sql`
    insert into people (id, username) values (${id}, ${username})
    on conflict (id) do update set username = excluded.username`)
}
