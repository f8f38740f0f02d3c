import { servicePrisma } from '@sandkeep/postgres/prisma-config'
import { defineConfig } from 'prisma/config'

export default defineConfig(servicePrisma('sample-box'))
