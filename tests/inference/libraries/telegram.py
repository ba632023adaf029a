from telegram import Bot, Update
from telegram.ext import Application, CommandHandler, ContextTypes


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    update.message.reply_text("a")  # expect: ASL101
    update.effective_message.reply_html("a")  # expect: ASL101
    update.callback_query.answer()  # expect: ASL101
    update.effective_chat.send_message("a")  # expect: ASL101
    context.bot.send_message(1, "a")  # expect: ASL101
    file = await context.bot.get_file("a")
    file.download_to_drive()  # expect: ASL101
    sent = await update.message.reply_text("a")
    sent.edit_text("b")  # expect: ASL101
    context.application.create_task(start(update, context))
    context.job_queue.run_once(start, 1)


async def serve(bot: Bot) -> None:
    bot.get_me()  # expect: ASL101
    application = Application.builder().token("a").build()
    application.add_handler(CommandHandler("start", start))
    application.initialize()  # expect: ASL101
    application.start()  # expect: ASL101
    application.updater.start_polling()  # expect: ASL101
    application.bot.set_my_commands([])  # expect: ASL101
    application.stop()  # expect: ASL101


def main() -> None:
    Application.builder().token("a").build().run_polling()
