from kubernetes_asyncio import client, config, watch
from kubernetes_asyncio.client.api_client import ApiClient
from kubernetes_asyncio.stream import WsApiClient


async def pods() -> None:
    config.load_kube_config()  # expect: ASL101
    config.load_incluster_config()
    async with ApiClient() as api:
        core = client.CoreV1Api(api)
        core.list_pod_for_all_namespaces()  # expect: ASL101
        core.create_namespaced_pod("default", {})  # expect: ASL101
        found = await core.read_namespaced_pod("a", "default")
        print(found.metadata.name)
        client.AppsV1Api(api).patch_namespaced_deployment("a", "default", {})  # expect: ASL101
        client.BatchV1Api(api).delete_namespaced_job("a", "default")  # expect: ASL101
        client.CustomObjectsApi(api).get_namespaced_custom_object("g", "v", "n", "p", "a")  # expect: ASL101
    api.close()  # expect: ASL101
    async with watch.Watch().stream(core.list_namespaced_pod, "default") as stream:
        async for event in stream:
            print(event)
    async with WsApiClient() as sockets:
        client.CoreV1Api(api_client=sockets).connect_get_namespaced_pod_exec("a", "default")  # expect: ASL101
