from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker


@activity.defn
async def charge(amount: int) -> None:
    activity.heartbeat(1)


@workflow.defn
class Order:
    @workflow.run
    async def run(self, amount: int) -> None:
        workflow.execute_activity(charge, amount)  # expect: ASL101
        workflow.start_activity(charge, amount)
        workflow.wait_condition(lambda: True)  # expect: ASL101
        workflow.sleep(1)  # expect: ASL101
        workflow.execute_child_workflow(Order.run, amount)  # expect: ASL101
        workflow.now()


async def main() -> None:
    client = await Client.connect("localhost:7233")
    client.start_workflow(Order.run, 1, id="a", task_queue="b")  # expect: ASL101
    client.execute_workflow(Order.run, 1, id="a", task_queue="b")  # expect: ASL101
    handle = client.get_workflow_handle("a")
    handle.result()  # expect: ASL101
    handle.signal("a")  # expect: ASL101
    handle.cancel()  # expect: ASL101
    worker = Worker(client, task_queue="b")
    worker.run()  # expect: ASL101
    worker.shutdown()  # expect: ASL101
