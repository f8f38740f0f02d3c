import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { answersHttp } from '../answers.ts'
import { dataIn, machineRoot } from '../place.ts'
import type { Recipe } from '../recipe.ts'
import { built } from '../sources/built.ts'

/** A cluster of one node, with the modules of analysis, scripting and reindexing. */
export const opensearch: Recipe = {
  kind: 'opensearch',
  version: '3.4',
  name: 'OpenSearch',
  image: {
    name: 'opensearchproject/opensearch:3.4.0',
    port: 9200,
    data: '/usr/share/opensearch/data',
    env: {
      'discovery.type': 'single-node',
      DISABLE_SECURITY_PLUGIN: 'true',
      DISABLE_INSTALL_DEMO_CONFIG: 'true',
      OPENSEARCH_JAVA_OPTS: '-Xms512m -Xmx512m',
    },
  },
  sources: [
    async () => ({
      root: machineRoot,
      program: await built('opensearch'),
      version: '3.4.0',
      from: 'jars of Maven Central',
    }),
  ],
  async prepare(directory, place, port) {
    await mkdir(join(place.data, 'tmp'))
    const data = dataIn(place)
    const options = ['-Xms512m', '-Xmx512m', '-XX:-UsePerfData', `-Djava.io.tmpdir=${join(data, 'tmp')}`]
    const classes = ['-cp', `${join(directory, 'classes')}:${join(directory, 'jars')}/*`, 'SearchNode']
    return {
      command: [join(directory, 'java/bin/java'), ...options, ...classes, data, String(port)],
      env: {},
    }
  },
  isReady: (port) =>
    answersHttp(`http://127.0.0.1:${port}/_cluster/health?wait_for_status=yellow&timeout=500ms`, 200),
  url: (port) => `http://127.0.0.1:${port}`,
}
