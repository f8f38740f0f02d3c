import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.opensearch.Version;
import org.opensearch.analysis.common.CommonAnalysisModulePlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.reindex.ReindexModulePlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessModulePlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/** A cluster of one node on 127.0.0.1: {@code java -cp … SearchNode FOLDER PORT}. Ends in order when asked to. */
public final class SearchNode extends Node {
    private static final String NAME = "sandkeep";

    private SearchNode(Environment environment) {
        super(environment, modules(), true);
    }

    public static void main(String[] args) throws Exception {
        SearchNode node = new SearchNode(environment(args[0], args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (Exception error) {
                error.printStackTrace();
            }
        }));
        node.start();
        // Its own threads do not keep a program running.
        Thread.currentThread().join();
    }

    private static Environment environment(String folder, String port) {
        Settings settings = Settings.builder()
            .put("path.home", folder)
            .put("node.name", NAME)
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.type", "netty4")
            .put("http.port", port)
            .put("transport.type", "netty4")
            .put("transport.port", "0")
            // The disk of the machine may be as full as it likes.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
        return InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), Path.of(folder, "config"), () -> NAME);
    }

    private static List<PluginInfo> modules() {
        return Stream.of(
            Netty4ModulePlugin.class, CommonAnalysisModulePlugin.class, ReindexModulePlugin.class, PainlessModulePlugin.class
        ).map(SearchNode::module).toList();
    }

    /** A plugin that is on the class path, instead of in a folder of its own. */
    private static PluginInfo module(Class<? extends Plugin> type) {
        String name = type.getName();
        return new PluginInfo(name, "on the class path", "1", Version.CURRENT, "21", name, null, List.of(), false);
    }
}
